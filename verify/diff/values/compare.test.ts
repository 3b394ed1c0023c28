import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareValues } from "./compare-values.ts";
import { compareTexts } from "./lines.ts";

/** Applies the hunks to the lines before, as `patch` does. */
function patched(before: readonly string[], hunks: ReturnType<typeof compareTexts>): string[] {
  const after: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    after.push(...before.slice(at, hunk.before - 1));
    at = hunk.before - 1;
    expect(hunk.after).toBe(after.length + 1);
    for (const { sign, text } of hunk.lines) {
      if (sign !== "+") expect(before[at++]).toBe(text);
      if (sign !== "-") after.push(text);
    }
  }
  return [...after, ...before.slice(at)];
}

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 40 });
const textOf = (list: readonly string[]): string => list.map((line) => `${line}\n`).join("");

describe("texts", () => {
  test("what is told to differ makes the one of the other", () =>
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        expect(patched(before, compareTexts(textOf(before), textOf(after)))).toEqual(after);
      }),
    ));

  test("a line in the middle is one removal and one addition, with three lines around", () => {
    const before = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const [hunk, ...others] = compareTexts(textOf(before), textOf(before.with(4, "five")));
    expect(others).toEqual([]);
    expect(hunk?.lines.map(({ sign }) => sign).join("")).toBe("   -+   ");
  });

  test("a newline that is missing at the end shows", () => {
    expect(compareTexts("a\n", "a")[0]?.lines.at(-1)?.text).toContain("No newline");
  });

  test("thousands of lines that have nothing in common are told without delay", () => {
    const many = (word: string): string => textOf(Array.from({ length: 20_000 }, (_, index) => `${word} ${index}`));
    expect(compareTexts(many("a"), many("b"))).toHaveLength(1);
  });
});

describe("values", () => {
  test("the same value differs nowhere, whatever the order of its keys", () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(compareValues(value, reversed)).toEqual([]);
      }),
    ));

  test("two values that differ differ somewhere", () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (before, after) => {
        const isSame = JSON.stringify(sorted(before)) === JSON.stringify(sorted(after));
        expect(compareValues(before, after).length > 0).toBe(!isSame);
      }),
    ));

  test("an element is found by its name, wherever it stands", () => {
    const [a, b, c] = [
      { name: "a", v: 1 },
      { name: "b", v: 1 },
      { name: "c", v: 1 },
    ];
    const changes = compareValues({ list: [a, b] }, { list: [c, { ...b, v: 2 }, a] });
    expect(changes.map(({ path, kind }) => [path, kind])).toEqual([
      ["list[c]", "added"],
      ["list[b].v", "changed"],
      ["list", "moved"],
    ]);
  });

  test("two ports of one number are two", () => {
    const ports = [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ];
    expect(compareValues({ ports }, { ports: ports.toReversed() }).map(({ kind }) => kind)).toEqual(["moved"]);
  });

  test("a key that every object of JavaScript has is one like any other", () => {
    expect(compareValues({}, JSON.parse('{"constructor": 1, "__proto__": 2}'))).toHaveLength(2);
  });
});

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([key, inner]) => [key, sorted(inner)]),
        )
      : Object.is(value, -0)
        ? "-0"
        : value;
