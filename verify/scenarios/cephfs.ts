import { mdsKilled, osdKilled } from "../faults/ceph.ts";
import { calmBounds } from "./bounds.ts";
import type { Scenario } from "./scenario.ts";

/**
 * How long clients may stand still, in milliseconds. Where the figures come from:
 * - An OSD that is gone refuses connections, so the others report it at once; where nobody does, they notice after Ceph's
 *   osd_heartbeat_grace, 20 s. Then its objects are led by another.
 * - A metadata server is missed after mds_beacon_grace, 15 s. The one that takes over reads the journal and waits for the
 *   clients to come back; none of these has gone away without unmounting, for which it would wait 45 s more.
 * - A busy host holds both up: 10 s.
 */
const osdPauseMs = 30_000;
const mdsPauseMs = 35_000;

/** What concerns CephFS: Kubernetes' API is to notice nothing of it. */
export const cephfsScenarios: readonly Scenario[] = [
  {
    name: osdKilled.name,
    title: "Pods on two machines share a CephFS volume; an OSD is killed, and comes back.",
    cephfs: { pauseMs: osdPauseMs },
    fault: osdKilled,
    duringMs: () => 12_000,
    bounds: calmBounds,
  },
  {
    name: mdsKilled.name,
    title: "Pods on two machines share a CephFS volume; the active metadata server is killed, and comes back.",
    cephfs: { pauseMs: mdsPauseMs },
    fault: mdsKilled,
    duringMs: () => 25_000,
    bounds: calmBounds,
  },
];
