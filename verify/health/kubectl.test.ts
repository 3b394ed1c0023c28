import { loadSites, type Site } from "@molly/site";
import { expect, test } from "vitest";
import type { CommandResult } from "../target.ts";
import { isAway, kubectlOn } from "./kubectl.ts";

const site = loadSites()[0] as Site;
const failed = (stderr: string, exitCode = 1): CommandResult => ({ exitCode, stdout: "", stderr });

test.each([
  "The connection to the server 10.0.1.99:60443 was refused - did you specify the right host or port?",
  "Unable to connect to the server: dial tcp 10.0.1.99:60443: i/o timeout",
  'Get "https://10.0.1.99:60443/api": EOF',
  "error: context deadline exceeded",
])("%j: the API was not reached", (stderr) => expect(isAway(failed(stderr))).toBe(true));

test.each([
  'The CustomResourceDefinition "x" is invalid: spec: must validate one and only one schema (oneOf)',
  "Error from server (InternalError): failed calling webhook: dial tcp 10.96.0.9:443: connect: connection refused",
  'nodes is forbidden: User "ann" cannot list resource "nodes"',
])("%j: the API answered", (stderr) => expect(isAway(failed(stderr))).toBe(false));

test("a control plane that does not reach the API hands the question on, with what stands on its standard input", async () => {
  const asked: string[] = [];
  const kubectl = kubectlOn(site, {
    run: async (node, argv, { stdin = "" } = {}) => {
      asked.push(`${node} ${argv.at(-1)} ${stdin}`);
      return node === "kube0"
        ? failed("The connection to the server 10.0.1.99:60443 was refused")
        : { exitCode: 0, stdout: "done", stderr: "" };
    },
  });
  expect(await kubectl(["get", "-"], "list")).toMatchObject({ stdout: "done" });
  expect(asked).toEqual(["kube0 - list", "kube1 - list"]);
});
