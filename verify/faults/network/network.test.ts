import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { run } from "../../lab/process.ts";
import { fakeTarget } from "../fixtures/fake-target.ts";
import { delayHarm, together } from "./delay.ts";
import { dropAll, dropFrom, dropShare, frameHarm } from "./frames.ts";
import { apiServerSlow, bridge, holderAndWorkersApart, holderCutOff, holderDeaf, holderMute } from "./index.ts";
import { harmScript, healNetwork, limitSeconds, type NetworkHarm } from "./node-unit.ts";
import { deafTo } from "./partition.ts";

/** What a part of a harm's script does when it is really run. */
const done = (harm: NetworkHarm, part: string): Promise<string> => run("sh", ["-euc", harmScript(harm), "sh", part]);

describe("the script of a harm", () => {
  test("does the part that it is told to do, and no other", async () => {
    const harm = { begin: "echo begun\necho twice", end: "echo ended", meanwhile: "echo ran" };
    expect(await done(harm, "begin")).toBe("begun\ntwice\n");
    expect(await done(harm, "meanwhile")).toBe("ran\n");
    expect(await done(harm, "end")).toBe("ended\n");
  });

  test("is understood by a shell, for every harm", async () => {
    const harms = [
      frameHarm("ens18", { in: dropAll, out: dropShare(30) }),
      delayHarm({ chain: "OUTPUT", match: "-p tcp --sport 6443" }, 200),
    ];
    for (const harm of [...harms, together(harms[0]!, harms[1]!)]) await run("sh", ["-n", "-c", harmScript(harm)]);
  });

  test("of two harms undoes in the opposite order, and runs the program that one of them needs", () => {
    const [frames, delay] = [frameHarm("ens18", { in: dropAll }), delayHarm({ chain: "OUTPUT", match: "" }, 5)];
    const both = together(frames, delay);
    expect(both.begin).toBe(`${frames.begin}\n${delay.begin}`);
    expect(both.end).toBe(`${delay.end}\n${frames.end}`);
    expect(both.meanwhile).toBe(delay.meanwhile);
    expect(together(delay, frames).meanwhile).toBe(delay.meanwhile);
  });
});

describe("rules for frames", () => {
  const begin = (rules: Parameters<typeof frameHarm>[1]): string => frameHarm("ens18", rules).begin;

  test("stand at the device in the directions that are told, so that ARP is no exception", () => {
    expect(begin({ in: dropAll, out: dropAll })).toMatch(
      /hook ingress device "ens18"[^}]*drop[^}]*}[^}]*hook egress device "ens18"[^}]*drop/,
    );
    expect(begin({ in: dropAll })).not.toContain("egress");
    expect(begin({ out: dropAll })).not.toContain("ingress");
  });

  test("tell machines by their hardware addresses", () => {
    expect(dropFrom(["02:00:00:00:00:01", "02:00:00:00:00:02"])).toBe(
      "ether saddr { 02:00:00:00:00:01, 02:00:00:00:00:02 } drop",
    );
  });
});

describe("a fault of the network", () => {
  test("is a unit of the node's own, which a time limit ends", async () => {
    const target = fakeTarget();
    await holderCutOff.inject(target, "kube0");
    const [asked] = target.asked;
    expect(asked?.argv.join(" ")).toContain('--property=RuntimeMaxSec="$3"');
    expect(asked?.argv.slice(-3)).toEqual([
      "molly-fault-network.service",
      "/run/molly-fault/network",
      String(limitSeconds),
    ]);
    expect(asked?.stdin).toContain("hook egress");
  });

  test("takes what gets out, what gets in, or both", async () => {
    const stdinOf = async (fault: typeof holderCutOff): Promise<string> => {
      const target = fakeTarget();
      await fault.inject(target, "kube0");
      return target.asked[0]?.stdin ?? "";
    };
    expect(await stdinOf(holderMute)).not.toContain("ingress");
    expect(await stdinOf(holderDeaf)).not.toContain("egress");
    expect(await stdinOf(apiServerSlow)).toContain("OUTPUT -p tcp --sport 6443 -j NFQUEUE");
  });

  test("on a live machine may take its own answer away; a refusal is still told", async () => {
    const lost = fakeTarget({ kind: "live", answer: () => ({ exitCode: -1 }) });
    await holderCutOff.inject(lost, "kube0");
    const refused = fakeTarget({ kind: "live", answer: () => ({ exitCode: 1, stderr: "Unit is there already." }) });
    await expect(holderCutOff.inject(refused, "kube0")).rejects.toThrow("Unit is there already.");
  });

  test("is healed although it was never injected", async () => {
    const target = fakeTarget();
    await healNetwork(target, "kube0");
    expect(target.asked.at(-1)?.argv.join(" ")).toContain('systemctl stop "$1" 2>/dev/null || true');
  });
});

describe("a partition", () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 9 });

  test("is mutual, and leaves each side to itself", () => {
    fc.assert(
      fc.property(names, fc.nat(), (all, cut) => {
        const [left, right] = [all.slice(0, 1 + (cut % (all.length - 1))), all.slice(1 + (cut % (all.length - 1)))];
        const deaf = deafTo([left, right]);
        for (const a of all)
          for (const b of all) {
            const apart = left.includes(a) !== left.includes(b);
            expect(deaf.get(a)?.includes(b)).toBe(apart);
          }
      }),
    );
  });

  /** Whose frames each node drops, by the last digit of its hardware address. */
  async function dropped(fault: typeof bridge): Promise<Record<string, string[]>> {
    const target = fakeTarget({
      answer: ({ node, argv }) => (argv.includes('cat "$1"') ? `02:00:00:00:00:f${node.slice(-1)}\n` : undefined),
    });
    await fault.inject(target, "kube0");
    return Object.fromEntries(
      target.asked.flatMap(({ node, stdin }) =>
        stdin === undefined ? [] : [[node, [...stdin.matchAll(/:f(\d)/g)].map(([, digit]) => `kube${digit}`)]],
      ),
    );
  }

  test("takes the workers to the holder's side", async () => {
    const mine = ["kube0", "kube3", "kube4", "kube5", "kube6", "kube7"];
    expect(await dropped(holderAndWorkersApart)).toEqual({
      ...Object.fromEntries(mine.map((node) => [node, ["kube1", "kube2"]])),
      kube1: mine,
      kube2: mine,
    });
  });

  test("with a bridge leaves one control plane that sees both", async () => {
    expect(await dropped(bridge)).toEqual({ kube0: ["kube2"], kube2: ["kube0"] });
  });

  test("is healed on every machine", async () => {
    const target = fakeTarget();
    await bridge.heal(target, "kube0");
    expect(new Set(target.asked.map(({ node }) => node))).toEqual(
      new Set(target.site.machines.map(({ name }) => name)),
    );
  });
});

describe("the program that delays", () => {
  const program = join(import.meta.dirname, "delay.py");

  /** Evaluates an expression with the program's own functions; it must yield something JSON can hold. */
  async function evaluate(expression: string): Promise<unknown> {
    const lines = [
      "import importlib.util, json, struct, sys",
      "sys.dont_write_bytecode = True",
      "spec = importlib.util.spec_from_file_location('delay', sys.argv[1])",
      "delay = importlib.util.module_from_spec(spec)",
      "spec.loader.exec_module(delay)",
      "print(json.dumps(eval(sys.argv[2])))",
    ];
    return JSON.parse(await run("python3", ["-c", lines.join("\n"), program, expression]));
  }

  test("finds the number of a packet behind other attributes", async () => {
    const header = "struct.pack('!BBH', 2, 0, 77)";
    const other = "delay.attribute(3, b'abcde')";
    const number = "delay.attribute(1, struct.pack('!IHB', 4711, 0x800, 4))";
    expect(await evaluate(`delay.number_of(${header} + ${other} + ${number})`)).toBe(4711);
    expect(await evaluate(`delay.number_of(${header} + ${other})`)).toBeNull();
  });

  test("reads every message of a datagram, and builds such that the kernel can", async () => {
    const two = "delay.message(0x301, 1, 77, delay.attribute(1, b'abc')) + delay.message(0x302, 1, 77, b'')";
    expect(await evaluate(`[[kind, len(body)] for kind, body in delay.messages(${two})]`)).toEqual([
      [0x301, 12],
      [0x302, 4],
    ]);
  });

  test("lets go all packets up to one, in the kernel's byte order for verdicts", async () => {
    expect(await evaluate("delay.accept_up_to(77, 258)[-8:].hex()")).toBe("0000000100000102");
  });
});
