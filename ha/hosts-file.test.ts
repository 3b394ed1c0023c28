import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { sites } from "./fixtures/sites.ts";
import { hostsFile } from "./hosts-file.ts";

test.each(sites)("every machine of $name resolves to the address that others see", (site) => {
  const lines = directives(hostsFile(site)).map((line) => line.split(" "));
  for (const { name, address } of site.machines)
    expect(
      lines.filter(([, ...names]) => names.includes(name)),
      name,
    ).toEqual([[address, name]]);
});

test.each(sites)("localhost of $name is loopback", (site) => {
  expect(directives(hostsFile(site)).filter((line) => line.includes("localhost"))).toEqual([
    "127.0.0.1 localhost",
    "::1 localhost ip6-localhost ip6-loopback",
  ]);
});
