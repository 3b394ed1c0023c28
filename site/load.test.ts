import { describe, expect, test } from "vitest";
import { aurora, patched } from "./fixtures/index.ts";
import { loadSite, loadSites } from "./load.ts";
import { InvalidSite } from "./problem.ts";
import type { SiteInput } from "./schema.ts";
import { molly } from "./sites/molly.ts";

describe("loadSite", () => {
  test("gives the validated site of that name", () => {
    expect(loadSite("molly").api).toEqual({ vip: "10.0.1.99", port: 60443, backendPort: 6443 });
    expect(loadSite("aurora", [molly, aurora]).name).toBe("aurora");
  });

  test("tells which sites there are", () => {
    expect(() => loadSite("moly", [molly, aurora])).toThrow(
      "site: \"moly\" is no site of site/sites/index.ts. Did you mean 'molly'?",
    );
    expect(() => loadSite("x", [molly, aurora])).toThrow("Choose molly or aurora.");
  });

  test("refuses a site that breaks a rule", () => {
    const broken = patched(molly, { "api.port": 6443 }) as SiteInput;
    expect(() => loadSite("molly", [broken])).toThrow(InvalidSite);
  });
});

describe("loadSites", () => {
  test("gives every site of the repository", () => {
    expect(loadSites().map(({ name }) => name)).toEqual(["molly"]);
  });

  test("refuses two of one name", () => {
    expect(() => loadSites([molly, aurora, molly])).toThrow(
      'name: "molly" is the name of two sites, which would share dist\'s folder. Rename one of them.',
    );
  });
});
