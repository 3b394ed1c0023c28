import { describeScenarios } from "./describe-scenarios.ts";

await describeScenarios("as known", ["cephfs-osd-killed", "cephfs-mds-killed"]);
