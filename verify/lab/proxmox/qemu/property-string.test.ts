import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDrive, parseProperties, parseSize, printProperties, printSize } from "./property-string.ts";

describe("a property string", () => {
  test("has what stands first without a name, and the rest by name", () => {
    const { first, properties } = parseProperties("vm:vm-100-disk-0,size=64G,discard=on");
    expect(first).toBe("vm:vm-100-disk-0");
    expect(Object.fromEntries(properties)).toEqual({ size: "64G", discard: "on" });
  });

  test("is printed with its names sorted", () => {
    expect(printProperties(parseProperties("a,c=3,b=2"))).toBe("a,b=2,c=3");
  });

  test("keeps what follows the first equals sign", () => {
    expect(parseProperties("name=a=b").properties.get("name")).toBe("a=b");
  });

  test("of a drive may name its volume", () => {
    expect(parseDrive("file=vm:0,size=1G")).toEqual(parseDrive("vm:0,size=1G"));
  });
});

describe("a size", () => {
  test.each([
    ["64G", 64 * 2 ** 30],
    ["10240M", 10 * 2 ** 30],
    ["4194304K", 4 * 2 ** 30],
    ["137438953472", 128 * 2 ** 30],
  ])("%s", (text, bytes) => expect(parseSize(text)).toBe(bytes));

  test.each(["", "-1G", "1X", "G"])("%j is none", (text) => expect(parseSize(text)).toBeUndefined());

  test("is the same after it was printed", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 45 }), (bytes) => parseSize(printSize(bytes)) === bytes));
  });
});
