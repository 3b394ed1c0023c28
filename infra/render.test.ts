import fc from "fast-check";
import { renderSite, type RenderedFile, type Site } from "@molly/site";
import { describe, expect, test } from "vitest";
import { secondSite, siteWithGateway, testedSites } from "./fixtures/sites.ts";
import { committedSchema } from "./bindings/schema.ts";
import { conformanceProblems } from "./bindings/conformance.ts";
import { renderInfra } from "./render.ts";

const stacksOf = (site: Site): RenderedFile[] => renderInfra(site).filter(({ path }) => path.endsWith(".tf.json"));
const isProxmox = ({ path }: RenderedFile): boolean => path !== "infra/hosts/cdk.tf.json";

describe.each(testedSites)("the Terraform of $name", (site) => {
  test("is one file a stack, in the order of their application", () => {
    expect(stacksOf(site).map(({ path }) => path)).toEqual([
      "infra/servers/cdk.tf.json",
      "infra/ceph/cdk.tf.json",
      "infra/machines/cdk.tf.json",
      "infra/hosts/cdk.tf.json",
    ]);
  });

  test("is the same bytes when rendered twice", () => {
    expect(renderInfra(site)).toEqual(renderInfra(site));
  });

  test("is what the provider's own schema allows", () => {
    for (const { path, text } of stacksOf(site))
      expect(conformanceProblems(JSON.parse(text), committedSchema()), path).toEqual([]);
  });

  test("holds no note of the tool, no path of this machine and no hash in a name", () => {
    for (const { text } of renderInfra(site)) {
      expect(text).not.toContain('"//"');
      expect(text).not.toContain(process.cwd());
      expect(text).not.toMatch(/"[\w-]+_[0-9A-F]{8}"/);
    }
  });

  test("holds no secret: the token is a sensitive variable without a value", () => {
    for (const { text } of stacksOf(site).filter(isProxmox)) {
      const stack = JSON.parse(text);
      expect(stack.provider.proxmox).toEqual([expect.objectContaining({ api_token: "${var.proxmox_api_token}" })]);
      expect(stack.variable.proxmox_api_token).toMatchObject({ sensitive: true });
      expect(stack.variable.proxmox_api_token).not.toHaveProperty("default");
    }
    for (const { text } of renderInfra(site)) expect(text).not.toMatch(/PRIVATE KEY|"password"|"private_key"/);
  });

  test("pins the provider's exact release", () => {
    for (const { text } of stacksOf(site).filter(isProxmox))
      expect(JSON.parse(text).terraform.required_providers).toEqual({
        proxmox: { source: "bpg/proxmox", version: "0.111.1" },
      });
  });

  test("does not depend on the order of the site's machines and servers, but for the control plane that starts the cluster", () => {
    const shuffled = (length: number) => fc.shuffledSubarray([...Array(length).keys()], { minLength: length });
    fc.assert(
      fc.property(shuffled(site.machines.length), shuffled(site.servers.length), (machines, servers) => {
        const reordered = {
          ...site,
          machines: machines.flatMap((index) => site.machines.slice(index, index + 1)),
          servers: servers.flatMap((index) => site.servers.slice(index, index + 1)),
        };
        expect(stacksOf(reordered).filter(isProxmox)).toEqual(stacksOf(site).filter(isProxmox));
      }),
      { numRuns: 10 },
    );
  });
});

test("a title with Terraform's own signs stays text", () => {
  const machines = stacksOf({ ...secondSite, title: "100%{ of ${name}" }).find(({ path }) =>
    path.includes("/machines/"),
  );
  expect(machines?.text).toContain("100%%{ of $${name}");
});

// As files, so that real Terraform can be run on them too: verify/terraform/. The scripts are the same for every site.
describe.each([
  { name: secondSite.name, site: secondSite },
  { name: "gateway", site: siteWithGateway },
])("the stacks of $name", ({ name, site }) => {
  test.each([...renderSite(site), ...renderInfra(site)].filter(({ path }) => !path.endsWith(".sh")))(
    "$path",
    async ({ path, text }) => {
      await expect(text).toMatchFileSnapshot(`fixtures/dist/${name}/${path}`);
    },
  );
});
