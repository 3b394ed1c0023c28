import { describe, expect, test } from "vitest";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { testedSites } from "../fixtures/sites.ts";

describe.each(testedSites)("the servers of $name", (site) => {
  const { resource, output } = renderedStack(site, "servers");
  const runs = resource["terraform_data"] ?? {};
  const names = site.servers.map(({ name }) => name).toSorted();
  const commandOf = (name: string): unknown => provisioner(runs[name]).command;

  test("are prepared side by side, each by its own script", () => {
    for (const name of names) {
      expect(runs[`prepare_${name}`]).not.toHaveProperty("depends_on");
      expect(commandOf(`prepare_${name}`)).toBe(
        `\${path.module}/on-server.sh ${name} molly-servers.sh check repositories`,
      );
    }
  });

  test("join the cluster one at a time, the first after all are prepared", () => {
    const [first = "", ...others] = names;
    expect(runs[`cluster_${first}`]?.["depends_on"]).toEqual(names.map((name) => `terraform_data.prepare_${name}`));
    for (const [index, name] of others.entries())
      expect(runs[`cluster_${name}`]?.["depends_on"]).toEqual([`terraform_data.cluster_${names[index]}`]);
    expect(commandOf(`cluster_${first}`)).toContain("--forward-agent");
  });

  test("are asked for nothing through the API before the last of them has joined", () => {
    const last = `terraform_data.cluster_${names.at(-1)}`;
    const throughUser = ["proxmox_user_token", "proxmox_acl"];
    const asked = Object.entries(resource).filter(([type]) => ![...throughUser, "terraform_data"].includes(type));
    for (const [type, resources] of asked)
      for (const [name, { depends_on }] of Object.entries(resources))
        expect(depends_on, `${type}.${name}`).toEqual([last]);
    for (const { user_id } of Object.values({ ...resource["proxmox_user_token"], ...resource["proxmox_acl"] }))
      expect(user_id).toMatch(/^\$\{proxmox_virtual_environment_user\.\w+\.user_id\}$/);
  });

  test("get the site's name servers and time zone", () => {
    for (const name of names) {
      const dns = resource["proxmox_virtual_environment_dns"]?.[name];
      expect(dns).toMatchObject({ node_name: name, domain: site.proxmox.domain, servers: site.network.nameServers });
      const time = resource["proxmox_virtual_environment_time"]?.[name];
      expect(time).toMatchObject({ node_name: name, time_zone: site.proxmox.timeZone });
    }
  });

  test("get the machines' bridge, unless it is the installer's own", () => {
    const bridges = resource["proxmox_network_linux_bridge"] ?? {};
    expect(Object.keys(bridges)).toEqual(site.network.bridge === "vmbr0" ? [] : names);
    for (const { name, bridgePort } of site.servers.filter(() => Object.keys(bridges).length > 0))
      expect(bridges[name]).toMatchObject({
        node_name: name,
        name: site.network.bridge,
        ports: [bridgePort],
        mtu: site.canal.interfaceMtu,
      });
  });

  test("give Terraform what its other stacks need, and to whoever verifies nothing that changes anything", () => {
    const privileges = Object.values(resource["proxmox_virtual_environment_role"] ?? {}).flatMap(
      (role) => role["privileges"] as string[],
    );
    expect(privileges).toEqual(expect.arrayContaining(["VM.Allocate", "Datastore.AllocateSpace", "SDN.Use"]));
    for (const excess of ["Permissions.Modify", "User.Modify", "Sys.PowerMgmt", "Realm.Allocate", "VM.Console"])
      expect(privileges).not.toContain(excess);
    const acls = Object.values(resource["proxmox_acl"] ?? {});
    expect(acls.filter(({ user_id }) => String(user_id).includes(".verify."))).toEqual([
      expect.objectContaining({ role_id: "PVEAuditor", path: "/" }),
    ]);
    expect(acls).toContainEqual(
      expect.objectContaining({ path: `/sdn/zones/localnetwork/${site.network.bridge}`, propagate: true }),
    );
  });

  test("show no token", () => {
    expect(Object.keys(output).toSorted()).toEqual(["terraform_api_token", "verify_api_token"]);
    for (const { sensitive } of Object.values(output)) expect(sensitive).toBe(true);
  });
});

const provisioner = (run: Record<string, unknown> | undefined): Record<string, unknown> =>
  (run?.["provisioner"] as Record<"local-exec", Record<string, unknown>>[])[0]?.["local-exec"] ?? {};
