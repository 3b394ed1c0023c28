import { describeScenarios } from "./describe-scenarios.ts";

// What today's design is known to violate must be caught: a check that lets it pass is broken.
await describeScenarios("as known");
