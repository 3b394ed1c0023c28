import { type Finding, healthCheck, unknown, violated } from "./check.ts";
import { lastLine, machineNames } from "./look.ts";

/** A machine's clock, read between two readings of this one's. In milliseconds since the epoch. */
export interface Exchange {
  readonly before: number;
  readonly there: number;
  readonly after: number;
}

/** By machine; a text says why there is none. */
export type Observation = ReadonlyMap<string, readonly Exchange[] | string>;

/** Whichever of them was not held up narrows it down: so many, and more as long as none was. */
const fewestExchanges = 3;
const mostExchanges = 15;
/** Two offsets of which each is known to this share of the bound are never too vague to judge when the clocks agree. */
const exactShare = 1 / 3;

/** Where a clock is ahead of this one's, in milliseconds: somewhere from `least` to `most`. */
interface Offset {
  readonly node: string;
  readonly least: number;
  readonly most: number;
}

/** This machine's own clock is only the yardstick: it may be the one that is wrong. */
export const clocks = healthCheck<Observation>({
  name: "clocks",
  property: "The machines' clocks agree.",
  probe: async ({ site, target }) => {
    const seen = new Map<string, Exchange[] | string>();
    // One after another: at the same time they would hold each other up.
    for (const node of machineNames(site)) {
      const mine: Exchange[] = [];
      const enough = (count: number): boolean =>
        count >= mostExchanges ||
        (count >= fewestExchanges && (mine.length === 0 || widthOf(mine) <= site.health.clockOffsetMs * exactShare));
      for (let count = 0; !enough(count); count++) {
        const before = now();
        const { exitCode, stdout, stderr } = await target.run(node, ["date", "+%s.%N"], { timeoutMs: 10_000 });
        const after = now();
        if (exitCode !== 0) seen.set(node, lastLine(stderr) || "no answer");
        else mine.push({ before, there: Number(stdout) * 1000, after });
      }
      if (mine.length > 0) seen.set(node, mine);
    }
    return seen;
  },
  judge: (observation, { site }) => {
    const bound = site.health.clockOffsetMs;
    const offsets = [...observation].flatMap(([node, seen]) =>
      typeof seen === "string" ? [] : [offsetOf(node, seen)],
    );
    const middle = offsets.toSorted((a, b) => middleOf(a) - middleOf(b))[Math.floor((offsets.length - 1) / 2)];
    const spread = offsets.length === 0 ? 0 : Math.max(...offsets.map(middleOf)) - Math.min(...offsets.map(middleOf));
    return {
      summary: `${offsets.length} clocks agree to within ${bound} ms.`,
      figures: [
        { name: "furthest apart", value: Math.round(spread), unit: "ms", bound },
        ...(middle === undefined
          ? []
          : [{ name: "ahead of this machine's", value: Math.round(middleOf(middle)), unit: "ms" as const }]),
      ],
      findings: [
        ...(middle === undefined ? [] : judgeOffsets(offsets, middle, bound)),
        ...[...observation].flatMap(([node, seen]) => (typeof seen === "string" ? [unread(node, seen)] : [])),
      ],
    };
  },
});

const now = (): number => performance.timeOrigin + performance.now();

function offsetOf(node: string, seen: readonly Exchange[]): Offset {
  return {
    node,
    least: Math.max(...seen.map(({ there, after }) => there - after)),
    most: Math.min(...seen.map(({ there, before }) => there - before)),
  };
}

/** How well an offset is known, in milliseconds. */
function widthOf(seen: readonly Exchange[]): number {
  const { least, most: greatest } = offsetOf("", seen);
  return greatest - least;
}

const middleOf = ({ least, most }: Offset): number => (least + most) / 2;

/** Whoever is too far from the middle is told alone; the others may still be too far from each other. */
function judgeOffsets(offsets: readonly Offset[], middle: Offset, bound: number): Finding[] {
  const alone = offsets.map((offset) => ({ offset, findings: judgeOffset(offset, middle, bound) }));
  const near = alone.filter(({ findings }) => findings.length === 0).map(({ offset }) => offset);
  return [...alone.flatMap(({ findings }) => findings), ...judgePairs(near, bound)];
}

/** The two that are certainly furthest apart; if those are near enough, the two that may be. */
function judgePairs(offsets: readonly Offset[], bound: number): Finding[] {
  const pairs = offsets.flatMap((one, index) =>
    offsets.slice(index + 1).map((other) => ({ where: `${one.node} and ${other.node}`, ...apart(one, other) })),
  );
  const certain = pairs.toSorted((a, b) => b.least - a.least)[0];
  const possible = pairs.toSorted((a, b) => b.most - a.most)[0];
  if (certain !== undefined && certain.least > bound)
    return [
      violated(
        certain.where,
        `their clocks are ${tell(certain.least)} or more apart, bound ${bound} ms`,
        "`timedatectl` on both: is NTP on, and do they reach the same servers? Set slowly (slew), not at once, while one holds the VIP.",
      ),
    ];
  if (possible === undefined || possible.most <= bound) return [];
  return [
    unknown(
      possible.where,
      `their clocks could not be read exactly enough: up to ${tell(possible.most)} apart`,
      "Look again when the machines and the way to them are less busy.",
    ),
  ];
}

/** What is certain: the least that the two can be apart, and the most. */
const apart = (one: Offset, other: Offset): { readonly least: number; readonly most: number } => ({
  least: Math.max(one.least - other.most, other.least - one.most, 0),
  most: Math.max(one.most - other.least, other.most - one.least),
});

function judgeOffset(offset: Offset, other: Offset, bound: number): Finding[] {
  if (offset === other) return [];
  const { node } = offset;
  const { least, most } = apart(offset, other);
  const direction = middleOf(offset) > middleOf(other) ? "ahead of" : "behind";
  if (least > bound)
    return [
      {
        verdict: "violated",
        where: node,
        cause: `its clock is ${tell(least)} or more ${direction} the others, bound ${bound} ms`,
        remedy: `\`timedatectl\` on ${node}: is NTP on, and does it reach its server? Set slowly (slew), not at once, while it holds the VIP.`,
      },
    ];
  if (most <= bound) return [];
  return [
    unknown(
      node,
      `its clock could not be read exactly enough: up to ${tell(most)} ${direction} the others`,
      "Look again when the machines and the way to them are less busy.",
    ),
  ];
}

const tell = (ms: number): string => (ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1000)} s`);

const unread = (node: string, why: string): Finding =>
  unknown(node, `its clock could not be read: ${why}`, "Is the machine on, and does `ssh` to it work?");
