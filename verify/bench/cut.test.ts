import { expect, test } from "vitest";
import { type History, select } from "../history/operation.ts";
import { cut } from "./cut.ts";
import { figuresOf } from "./figures.ts";
import { site, storyStart, told } from "./fixtures/told.ts";

/** The same story of 8 s again and again as one recording; nobody tells a hardware address twice. */
const stretch = 8400;
const recording: History = [0, 1, 2].flatMap((turn) =>
  told()
    .filter(({ f }) => turn === 0 || f !== "mac")
    .map((operation) => ({ ...operation, t: operation.t + turn * stretch })),
);
const begin = storyStart + stretch;

test("a repetition's part of a recording gives the figures that it gives alone", () => {
  expect(figuresOf(cut(recording, begin), site)).toEqual(figuresOf(told(), site));
});

test("nothing of the repetition after it is in it, and of the one before only what the beginning needs", () => {
  const part = cut(recording, begin);
  expect(select(part, "fault")).toHaveLength(3);
  expect(select(part, "recovery")).toHaveLength(1);
  expect(select(part, "phase").map(({ phase }) => phase)).toEqual(select(told(), "phase").map(({ phase }) => phase));
  expect(part.at(-1)?.t).toBeLessThan(begin + stretch);
  expect(select(part, "mac")).toHaveLength(3);
});

test("a repetition that broke off is kept to the end of the recording", () => {
  const broken = recording.filter(({ f, t }) => t < begin || (t < begin + 3000 && f !== "phase"));
  expect(cut(broken, begin).at(-1)).toEqual(broken.at(-1));
});
