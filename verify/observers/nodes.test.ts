import { expect, test } from "vitest";
import { parseReadyNodes } from "./nodes.ts";

test("only nodes whose condition is True are Ready", () => {
  expect(parseReadyNodes("kube0=True\nkube1=False\nkube2=Unknown\nkube3=True\n")).toEqual(["kube0", "kube3"]);
});
