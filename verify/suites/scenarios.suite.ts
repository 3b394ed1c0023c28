import { describeScenarios } from "./describe-scenarios.ts";

await describeScenarios("holds");
