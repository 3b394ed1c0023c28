import { join } from "node:path";
import { expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { podNetworkManifests } from "./inputs.ts";
import { kubectl } from "./node.ts";
import { byTag } from "./pod-network.ts";

const { site } = readAssignment(process.env);
const where = { site };
const dist = join(process.cwd(), "dist", site.name);

test("the cluster has Canal as it is rendered: to apply it again changes nothing", async () => {
  const manifests = (await podNetworkManifests(dist)).map(byTag).join("---\n");
  // Exits with 1 when there is a difference.
  expect(await kubectl(where, ["diff", "--server-side", "-f", "-"], manifests)).toBe("");
});
