/** Tests that take too long for every change: each a vitest project of its own, run with `./molly test --only`. */
export const longSuites = ["ceph", "flux", "live", "policies", "terraform", "versions"] as const;
export type LongSuite = (typeof longSuites)[number];
