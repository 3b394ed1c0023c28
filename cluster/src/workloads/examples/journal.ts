import { type WorkloadProps } from "../props.ts";

/** Each replica writes a line a second into a file of its own; all files are in the one volume that they share. */
const write = `while true; do
  date -u +%FT%TZ >>"/journal/$HOSTNAME.log" && sync "/journal/$HOSTNAME.log"
  sleep 1
done`;

/** It wrote within the last minute: a volume that hangs is seen, a pause while Ceph heals is not a reason to restart. */
const wroteLately = `test -n "$(find "/journal/$HOSTNAME.log" -mmin -1)"`;

/** With CephFS: three replicas on three nodes share a volume of 5 GiB, and no more. */
export const journal: WorkloadProps = {
  name: "journal",
  image: "registry.k8s.io/e2e-test-images/busybox:1.37.0-1",
  command: ["sh", "-ec", write],
  replicas: 3,
  requests: { milliCores: 10, memoryMiB: 8 },
  limits: { milliCores: 100, memoryMiB: 32 },
  probe: { command: ["sh", "-ec", wroteLately] },
  volume: { claim: "journal", mountPath: "/journal", sizeGiB: 5 },
};
