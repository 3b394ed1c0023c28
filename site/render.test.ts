import { describe, expect, test } from "vitest";
import { aurora } from "./fixtures/index.ts";
import { renderSite } from "./render.ts";
import { SiteSchema } from "./schema.ts";
import { molly } from "./sites/molly.ts";
import { validate } from "./validate.ts";

/** The same value with the keys of every object in reverse. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, reversed(part)]),
  );
}

const textOf = (input: unknown): string =>
  renderSite(validate(input))
    .map(({ text }) => text)
    .join();

describe.each([
  ["molly", molly],
  ["aurora", aurora],
])("site.json of %s", (_name, input) => {
  test("reads back as the model", () => {
    expect(JSON.parse(textOf(input))).toEqual(validate(input));
  });

  test("doesn't depend on the order in which keys are written", () => {
    expect(textOf(reversed(input))).toBe(textOf(input));
    expect(Object.keys(JSON.parse(textOf(input)) as object)).toEqual(Object.keys(SiteSchema.shape));
  });
});

test("site.json of molly", () => {
  const [file, ...more] = renderSite(validate(molly));
  expect(more).toEqual([]);
  expect(file?.path).toBe("site.json");
  expect(file?.text.endsWith("}\n")).toBe(true);
  expect(file?.text).toMatchSnapshot();
});
