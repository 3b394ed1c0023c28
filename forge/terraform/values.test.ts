import { expect, test } from "vitest";
import type { Stack } from "../stacks.ts";
import { environmentOf, masking, parseValues, valuesFor } from "./values.ts";

const stack: Stack = {
  ...{ site: "molly", name: "hosts", folder: "/", outputs: [], localState: true, inputs: "" },
  variables: { token: { sensitive: true }, endpoint: { sensitive: false }, machine_ids: { sensitive: false } },
};

test("a stack is told what it asks for: its own value before everybody's before what others put out", () => {
  const values = parseValues(
    '{"*": {"endpoint": "all", "other": 1}, "hosts": {"endpoint": "own"}, "ceph": {"token": "no"}}',
  );
  expect(valuesFor(stack, values, { machine_ids: { a: "1" }, endpoint: "out", more: 2 })).toEqual({
    ...{ endpoint: "own", machine_ids: { a: "1" } },
  });
  expect(valuesFor(stack, parseValues(undefined))).toEqual({});
});

test("Terraform reads texts as they are, and all else as JSON", () => {
  expect(environmentOf({ token: "a b", list: ["c"], many: { d: 1 } })).toEqual({
    ...{ TF_VAR_token: "a b", TF_VAR_list: '["c"]', TF_VAR_many: '{"d":1}' },
  });
});

test("what is wrong with it is told without what it holds", () => {
  for (const text of ['{"*": "hunter2"}', '["hunter2"]', '{"hunter2', "hunter2"])
    expect(() => parseValues(text)).toThrow(/^(?![\s\S]*hunter2)MOLLY_TF_VALUES is not what stacks can be told/);
});

test("a secret is hidden wherever it stands, a token's second half too; what is no secret is shown", () => {
  const mask = masking(stack, { token: "terraform@pve!molly=0a1b2c3d", endpoint: "https://pve0" });
  expect(mask("with terraform@pve!molly=0a1b2c3d or 0a1b2c3d at https://pve0")).toBe(
    "with (secret) or (secret) at https://pve0",
  );
});
