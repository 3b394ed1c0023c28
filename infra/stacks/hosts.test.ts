import { existsSync } from "node:fs";
import { controlPlanes, firstControlPlane, type Site, workers } from "@molly/site";
import { describe, expect, test } from "vitest";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { testedSites } from "../fixtures/sites.ts";
import { renderInfra } from "../render.ts";
import { terraformName } from "../terraform-name.ts";

interface Data {
  readonly triggers_replace?: unknown;
  readonly depends_on?: string[];
  readonly for_each?: string;
  readonly provisioner?: {
    "local-exec": { command: string; when?: string; environment: Readonly<Record<string, string>> };
  }[];
}

function dataOf(site: Site): Readonly<Record<string, Data>> {
  return (renderedStack(site, "hosts").resource["terraform_data"] ?? {}) as Readonly<Record<string, Data>>;
}
const script = (data: Data | undefined) => data?.provisioner?.[0]?.["local-exec"];

describe.each(testedSites)("the stack hosts of $name", (site) => {
  const data = dataOf(site);
  const entering = (name: string): Data | undefined => data[terraformName(name)];

  test("has nothing that could make, change or destroy a machine: no provider at all", () => {
    const { resource } = renderedStack(site, "hosts");
    expect(Object.keys(resource)).toEqual(["terraform_data"]);
    expect(renderedStack(site, "hosts")).not.toHaveProperty("provider");
  });

  test.each(site.machines)("lets $name enter once, and again only when it was made anew", ({ name, address, role }) => {
    expect(entering(name)?.triggers_replace).toEqual([`\${lookup(var.machine_ids, "${name}", "")}`]);
    expect(script(entering(name))).toMatchObject({
      command: "${path.module}/enter.sh",
      environment: { NODE: name, ADDRESS: address, ROLE: role },
    });
  });

  test("begins with the first control plane; the others follow one after another, workers side by side", () => {
    const planes = controlPlanes(site).map(({ name }) => `terraform_data.${terraformName(name)}`);
    for (const [index, { name }] of controlPlanes(site).entries())
      expect(entering(name)?.depends_on ?? []).toEqual(planes.slice(0, index).slice(-1));
    for (const { name } of workers(site)) expect(entering(name)?.depends_on).toEqual(planes.slice(0, 1));
  });

  test("lets a machine leave when it is no longer in the site: only its key goes, its script stays", () => {
    const member = data["cluster_member"];
    expect(member?.for_each).toBe("${local.machines}");
    expect(member).not.toHaveProperty("triggers_replace");
    expect(script(member)).toMatchObject({ command: "${path.module}/leave.sh", when: "destroy" });
    // Terraform allows nothing else once the machine is gone from the configuration.
    for (const value of Object.values(script(member)?.environment ?? {}))
      expect(value).toMatch(/^\$\{(self\.input\.\w+|each\.key)\}$/);
    expect(data["cluster_member"]?.depends_on).toHaveLength(site.machines.length);
  });

  test("has all machines in a cluster that is well before it changes any", () => {
    expect(data["cluster_ready"]?.depends_on).toEqual(
      expect.arrayContaining([
        "terraform_data.pod_network",
        ...site.machines.map(({ name }) => `terraform_data.${terraformName(name)}`),
      ]),
    );
    expect(data["roll_out"]?.depends_on).toEqual(["terraform_data.cluster_ready"]);
    expect(data["pod_network"]?.depends_on).toEqual([`terraform_data.${terraformName(firstControlPlane(site).name)}`]);
  });

  test("rolls out, and does nothing else, when a file of a machine changes", () => {
    const hashing = Object.entries(data).filter(([, { triggers_replace }]) =>
      JSON.stringify(triggers_replace)?.includes("filesha256"),
    );
    expect(hashing.map(([name]) => name)).toEqual(["roll_out"]);
  });

  test("finds every script that it runs beside itself", () => {
    const files = renderInfra(site)
      .filter(({ executable }) => executable)
      .map(({ path }) => path);
    for (const [name, one] of Object.entries(data))
      expect(files, name).toContain(script(one)?.command.replace("${path.module}", "infra/hosts"));
  });

  test("logs in to the site's machines alone, and refuses one whose key has changed", () => {
    const config = renderInfra(site).find(({ path }) => path === "infra/hosts/ssh_config")?.text;
    expect(
      /^Host (.*)$/m
        .exec(config ?? "")?.[1]
        ?.split(" ")
        .sort(),
    ).toEqual(site.machines.map(({ address }) => address).sort());
    expect(config).toContain("StrictHostKeyChecking accept-new");
  });
});

test("the folders that the stack reaches for are where dist has them", () => {
  const stack = new URL("../../dist/molly/infra/hosts/", import.meta.url);
  for (const path of ["../../hosts/kube0", "../../cluster/network", "../../../../molly"])
    expect(existsSync(new URL(path, stack)), path).toBe(true);
});
