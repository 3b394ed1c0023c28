import { readdirSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { aurora, gateway, type Mistake, mistakes, patched } from "./fixtures/index.ts";
import { formatAddress, isHostAddress, parseNetwork } from "./ipv4.ts";
import { describeProblem, InvalidSite } from "./problem.ts";
import type { SiteInput } from "./schema.ts";
import { molly } from "./sites/molly.ts";
import { validate } from "./validate.ts";

const valid = { molly, aurora };

/** What is told about an input, a line a problem; nothing when it is valid. */
function told(input: unknown): string[] {
  try {
    validate(input);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidSite)) throw error;
    return error.problems.map(describeProblem);
  }
}

describe.each(Object.entries(valid))("the site %s", (_name, site) => {
  test("is valid, and validating the model again changes nothing", () => {
    const model = validate(site);
    expect(validate(model)).toEqual(model);
  });

  test("is valid in whatever order its machines and servers are written", () => {
    const orders = fc.record({ machines: shuffled(site.machines), servers: shuffled(site.servers) });
    fc.assert(fc.property(orders, (order) => told({ ...site, ...order }).length === 0));
  });

  test("refuses a machine at any address outside its network", () => {
    const network = parseNetwork(site.network.cidr);
    if (network === undefined) throw new Error("The fixture's network is broken.");
    const outside = fc.integer({ min: 0, max: 2 ** 32 - 1 }).filter((address) => !isHostAddress(network, address));
    const machine = fc.nat({ max: site.machines.length - 1 });
    fc.assert(
      fc.property(machine, outside, (index, address) => {
        const path = `machines[${index}].address`;
        const lines = told(patched(site, { [path]: formatAddress(address) }));
        return lines.length === 1 && lines[0]?.startsWith(`${path}: "${formatAddress(address)}" is `) === true;
      }),
    );
  });

  test("refuses any machine at the address of another, the VIP or the gateway", () => {
    const { machines, api, network } = site;
    const owned = [...machines.map(({ address }) => address), api.vip, network.gateway];
    const machine = fc.nat({ max: machines.length - 1 });
    fc.assert(
      fc.property(machine, fc.constantFrom(...owned), (index, address) => {
        const clash = machines[index]?.address !== address;
        return told(patched(site, { [`machines[${index}].address`]: address })).length === (clash ? 1 : 0);
      }),
    );
  });

  test("refuses the loss of any required key, whatever it is", () => {
    for (const key of ["name", "title", "kubernetes", "network", "api", "servers", "machines", "canal", "gitops"]) {
      expect(told(patched(site, { [key]: undefined }))).toContainEqual(expect.stringContaining(`${key} is missing.`));
    }
  });
});

const oneControlPlane = { "machines[1].role": "worker", "machines[2].role": "worker" };

const shuffled = <Item>(items: readonly Item[]): fc.Arbitrary<Item[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length });

describe("mistakes", () => {
  test.each(mistakes.map((mistake): [string, Mistake] => [mistake.mistake, mistake]))("%s", (_name, mistake) => {
    expect(told(patched(molly, mistake.patch))).toEqual(mistake.messages);
  });

  test("are all in the list, and each is told about", () => {
    const themes = readdirSync(new URL("fixtures/invalid/", import.meta.url)).filter(
      (file) => !["index.ts", "mistake.ts"].includes(file),
    );
    expect(themes).toHaveLength(22);
    expect(mistakes.length).toBeGreaterThan(140);
    expect(mistakes.filter(({ messages }) => messages.length === 0)).toEqual([]);
    expect(new Set(mistakes.map(({ mistake }) => mistake)).size).toBe(mistakes.length);
  });

  test("leave the description that they patch as it is", () => {
    const before = JSON.stringify(molly);
    for (const { patch } of mistakes) patched(molly, patch);
    expect(JSON.stringify(molly)).toBe(before);
  });
});

test.each([
  { what: "the seed's engine, when forced", patch: { vip: { engine: "heartbeat-classic", force: true } } },
  { what: "the seed's engine on one machine", patch: { vip: { engine: "heartbeat-classic" }, ...oneControlPlane } },
  { what: "a gateway of one's own", patch: { gateway } },
  { what: "half a gateway, switched off", patch: { gateway: { ...gateway, enabled: false, forwarders: [] } } },
  { what: "the shortest lease", patch: { vip: { lease: { termMs: 500, renewMs: 100, pollMs: 125 } } } },
  { what: "the densest renewals", patch: { vip: { lease: { renewMs: 20 } } } },
  { what: "the densest advertisements", patch: { vip: { keepalived: { advertMs: 100 } } } },
  { what: "the rarest advertisements", patch: { vip: { keepalived: { advertMs: 40_950 } } } },
  { what: "fencing that names only whom to ask", patch: { vip: { fencing: { endpoints: ["pve0.internal:8006"] } } } },
  { what: "the soonest election", patch: { "kubernetes.etcd": { heartbeatMs: 50, electionMs: 250 } } },
  { what: "the latest election", patch: { "kubernetes.etcd": { heartbeatMs: 10_000, electionMs: 50_000 } } },
])("$what is allowed", ({ patch }) => {
  expect(told(patched(molly, patch))).toEqual([]);
});

describe("the message of InvalidSite", () => {
  const messageOf = (input: unknown): string => {
    try {
      validate(input);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("The input was accepted.");
  };

  test("names the site, counts the problems and tells all of them", () => {
    expect(messageOf(patched(molly, { "machines[3].address": "10.0.2.103", "api.port": 6443 }))).toBe(
      [
        'Site "molly" has 2 problems:',
        '  machines[3].address: "10.0.2.103" is outside the network 10.0.1.0/24. Give kube3 an address between 10.0.1.1 and 10.0.1.254.',
        "  api.port: 6443 is also api.backendPort, where the API server of the same machine listens. Choose another port for HAProxy, for example 8443.",
      ].join("\n"),
    );
  });

  test.each([null, undefined, 7, "molly", [], () => molly])("refuses %s, which is no description at all", (input) => {
    expect(messageOf(input)).toMatch(/^A site without a name has 1 problem:\n {2}.* is no site's description\. /);
  });

  test("never repeats a credential", () => {
    for (const scheme of ["https", "http", "ssh"]) {
      const url = `${scheme}://flux:hunter2@git.example.org/molly.git`;
      expect(messageOf(patched(molly, { "gitops.url": url }))).not.toContain("hunter2");
    }
  });

  test("takes any input without another kind of error", () => {
    const keys = fc.constantFrom(...Object.keys(molly)) as fc.Arbitrary<keyof SiteInput>;
    fc.assert(
      fc.property(keys, fc.anything(), (key, value) => {
        told({ ...molly, [key]: value });
      }),
    );
    fc.assert(fc.property(fc.anything(), (value) => told(value).length > 0));
  });
});
