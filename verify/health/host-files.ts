import { Failure, messageOf } from "@molly/site";
import { type Change, compare, type NodeFile, readNodeFiles, type Seen } from "../roll-out/files.ts";
import { lookAt } from "../roll-out/on-node.ts";
import type { Target } from "../target.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { machineNames } from "./look.ts";

/** By machine; a text says why it could not be looked at. */
type Observation = ReadonlyMap<string, Looked | string>;

interface Looked {
  readonly rendered: readonly NodeFile[];
  readonly seen: Seen;
}

/** What somebody changed by hand is lost with the next roll-out, and until then it is in nobody's review. */
export const hostFiles = healthCheck<Observation>({
  name: "host-files",
  property: "Every machine's files are, byte for byte, those that were rendered and reviewed.",
  probe: async ({ site, target, hosts }) => {
    const looks = machineNames(site).map(async (node): Promise<[string, Looked | string]> => {
      try {
        const rendered = await readNodeFiles(hosts, node);
        // It only runs commands.
        return [node, { rendered, seen: await lookAt(target as Target, node, rendered) }];
      } catch (error) {
        return [node, error instanceof Failure ? error.line : messageOf(error)];
      }
    });
    return new Map(await Promise.all(looks));
  },
  judge: (observation) => {
    const looks = [...observation].flatMap(([node, look]) => (typeof look === "string" ? [] : [{ node, ...look }]));
    const changes = looks.flatMap(({ node, rendered, seen }) =>
      compare(rendered, seen).map((change) => ({ node, change })),
    );
    return {
      summary: `${looks.reduce((sum, { rendered }) => sum + rendered.length, 0)} files on ${looks.length} machines are as rendered.`,
      figures: [{ name: "files that differ", value: changes.length, bound: 0 }],
      findings: [
        ...changes.map(({ node, change }) => judgeChange(node, change)),
        ...looks.filter(({ seen }) => seen.unfinished).map(({ node }) => brokenOff(node)),
        ...[...observation].flatMap(([node, look]) => (typeof look === "string" ? [unread(node, look)] : [])),
      ],
    };
  },
});

const kinds: Readonly<Record<Change["kind"], string>> = {
  new: "is missing",
  changed: "differs from what was rendered",
  mode: "may be run, or not, other than rendered",
  gone: "is there although it is no longer rendered",
};

const judgeChange = (node: string, { path, kind }: Change): Finding => ({
  verdict: "violated",
  where: `${node}:${path}`,
  cause: kinds[kind],
  remedy:
    "Was it changed on purpose? Then put it into the site. `./molly roll-out --target live` brings back what was reviewed.",
});

const brokenOff = (node: string): Finding => ({
  verdict: "violated",
  where: node,
  cause: "a roll-out broke off there",
  remedy: "`./molly roll-out --target live` brings it to an end.",
});

const unread = (node: string, why: string): Finding =>
  unknown(node, `could not be looked at: ${why}`, "Is the machine on, and does `ssh` to it work?");
