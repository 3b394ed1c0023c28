import { expect, test } from "vitest";
import { areToldAlike } from "./apply.ts";

const plan = (more: object = {}): string =>
  JSON.stringify({
    timestamp: Math.random(),
    configuration: { root_module: { resources: [{ address: "terraform_data.roll_out" }] } },
    variables: { molly_command: { value: "" } },
    ...more,
  });

test("a plan is told what another is when every value and every provisioner is the same, whenever it was made", () => {
  expect(areToldAlike(plan(), plan())).toBe(true);
});

// `differing` sees none of this: a provisioner's command is no attribute of a resource.
test("a plan that was told another command, another address or another provisioner is another one", () => {
  expect(areToldAlike(plan({ variables: { molly_command: { value: "/tmp/other" } } }), plan())).toBe(false);
  expect(areToldAlike(plan({ variables: {} }), plan())).toBe(false);
  expect(areToldAlike(plan({ configuration: { root_module: {} } }), plan())).toBe(false);
});
