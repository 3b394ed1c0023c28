import { controlPlanes, validate } from "@molly/site";
import { expect, test } from "vitest";
import { renderAll } from "../dist.ts";
import { largeSite } from "./large-site.ts";

test.each([
  [50, 500],
  [100, 1000],
])("a site of %d servers and %d machines breaks no rule", (servers, machines) => {
  const site = validate(largeSite(servers, machines));
  expect(site.servers).toHaveLength(servers);
  expect(site.machines).toHaveLength(machines);
  expect(controlPlanes(site)).toHaveLength(3);
});

/** Characters that are not of /etc/hosts: every machine's names every other, by nature. */
const size = (machines: number): number =>
  renderAll(validate(largeSite(10, machines)))
    .filter(({ path }) => !path.endsWith("/etc/hosts"))
    .reduce((total, { text }) => total + text.length, 0);

test("what is rendered grows as the number of machines does", () => {
  const [one, two, four] = [size(25), size(50), size(100)];
  expect((four - two) / (two - one)).toBeCloseTo(2, 1);
});
