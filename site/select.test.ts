import { expect, test } from "vitest";
import { aurora } from "./fixtures/index.ts";
import { apiEndpoint, controlPlanes, firstControlPlane, preferredHolder, workers } from "./select.ts";
import { molly } from "./sites/molly.ts";
import { validate } from "./validate.ts";

test("machines are told apart by role, in the site's order", () => {
  const site = validate(aurora);
  expect(controlPlanes(site).map(({ name }) => name)).toEqual(["vega", "polaris", "rigel", "sirius", "altair"]);
  expect(workers(site).map(({ name }) => name)).toEqual(["comet", "meteor"]);
  expect(firstControlPlane(site).name).toBe("vega");
});

test("the preferred holder is the one that the site names, else the first control plane", () => {
  expect(preferredHolder(validate(aurora))).toBe("polaris");
  expect(preferredHolder(validate(molly))).toBe("kube0");
});

test("the API's endpoint is the VIP and HAProxy's port", () => {
  expect(apiEndpoint(validate(molly))).toBe("10.0.1.99:60443");
});
