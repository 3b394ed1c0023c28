import { describe, expect, test } from "vitest";
import { closest, didYouMean } from "./did-you-mean.ts";

describe("closest", () => {
  test.each([
    ["adress", ["name", "address"], "address"],
    ["titel", ["name", "title"], "title"],
    ["memory", ["memoryGiB", "cores"], "memoryGiB"],
    ["NAMESERVERS", ["nameServers"], "nameServers"],
    ["colour", ["port", "preferred"], undefined],
    ["kube9", ["kube0", "kube1"], undefined], // as close to one as to the other
    ["x", [], undefined],
  ])("%s among %j", (word, candidates, expected) => {
    expect(closest(word, candidates)).toBe(expected);
  });
});

test("didYouMean falls back to the alternative", () => {
  expect(didYouMean("gatway", ["gateway"], "Remove it.")).toBe("Did you mean 'gateway'?");
  expect(didYouMean("colour", ["gateway"], "Remove it.")).toBe("Remove it.");
});
