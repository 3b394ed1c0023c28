import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSites } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kubectlOn } from "../health/kubectl.ts";
import type { CommandResult } from "../target.ts";
import { liveProber } from "./prober.ts";

const site = loadSites()[0]!;
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "molly-live-test-"))));
afterEach(() => rm(folder, { recursive: true }));

describe("a live site's prober", () => {
  const kubeconfig = "certificate-authority-data: Y2E=\n    client-certificate-data: Yg==\n    client-key-data: Yw==\n";
  const asked: string[][] = [];
  const machines = {
    stream: async (node: string, argv: readonly string[]) => {
      asked.push([node, ...argv]);
      return { ended: Promise.resolve({ exitCode: 0 }), stop: async () => undefined };
    },
  };
  const open = async (text: string) => {
    await writeFile(join(folder, "kubeconfig"), text);
    return liveProber({ site, machines, kubeconfig: join(folder, "kubeconfig"), folder });
  };

  test("asks the API from this machine", async () => {
    const prober = await open(`clusters:\n    ${kubeconfig}`);
    expect(await readFile(prober.files.ca, "utf8")).toBe("ca");
    await writeFile(join(folder, "probe.ts"), "console.log(process.argv[2]);");
    const lines: string[] = [];
    const stream = await prober.stream(["node", join(folder, "probe.ts"), "config"], (line) => lines.push(line));
    expect(await stream.ended).toEqual({ exitCode: 0 });
    expect(lines).toEqual(["config"]);
  });

  test("asks by ARP from a worker, with a program that is sent along", async () => {
    const prober = await open(`clusters:\n    ${kubeconfig}`);
    await prober.stream(["python3", `${prober.files.probes}/arp-probe.py`, "{}"], () => undefined);
    const [node, python, , , source, config] = asked.at(-1)!;
    expect([node, python, config]).toEqual(["kube3", "python3", "{}"]);
    expect(source).toContain("Asks by ARP who has an address");
  });

  test("needs certificates in the kubeconfig", async () => {
    await expect(open("users: []\n")).rejects.toThrow(
      "has no certificate-authority-data, client-certificate-data, client-key-data.",
    );
  });
});

describe("kubectl on the control planes", () => {
  const away: CommandResult = {
    exitCode: 1,
    stdout: "",
    stderr: "Unable to connect to the server: dial tcp 10.0.1.99:60443: connect: connection refused",
  };
  const fine: CommandResult = { exitCode: 0, stdout: "yes", stderr: "" };
  const ask = async (answer: (node: string, argv: readonly string[]) => CommandResult) => {
    const asked: string[] = [];
    const run = async (node: string, argv: readonly string[]) => {
      asked.push(`${node}${argv.includes("--server") ? " itself" : ""}`);
      return answer(node, argv);
    };
    return { result: await kubectlOn(site, { run })(["get", "nodes"]), asked };
  };

  test("goes through the VIP when it answers", async () => {
    expect(await ask(() => fine)).toEqual({ result: fine, asked: ["kube0"] });
  });

  test("goes to each API server itself when the VIP is away", async () => {
    const { result, asked } = await ask((node, argv) => (argv.includes("--server") && node === "kube1" ? fine : away));
    expect(result).toEqual(fine);
    expect(asked).toEqual(["kube0", "kube1", "kube2", "kube0 itself", "kube1 itself"]);
  });

  test("takes a refusal for an answer", async () => {
    const forbidden = { exitCode: 1, stdout: "", stderr: "Error from server (Forbidden): nodes is forbidden" };
    expect(await ask(() => forbidden)).toEqual({ result: forbidden, asked: ["kube0"] });
  });
});
