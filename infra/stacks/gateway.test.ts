import { renderSite } from "@molly/site";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { conformanceProblems } from "../bindings/conformance.ts";
import { committedSchema } from "../bindings/schema.ts";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { siteWithGateway as site, testedSites } from "../fixtures/sites.ts";
import { renderInfra } from "../render.ts";

const { resource } = renderedStack(site, "gateway");
const vms = resource["proxmox_virtual_environment_vm"] ?? {};
const { machines, outside } = site.gateway;

test("a site without a gateway has no such stack, nor anything of it in another", () => {
  for (const one of testedSites) {
    expect(renderInfra(one).filter(({ path, text }) => /gateway/.test(path) || text.includes("gateway_ids"))).toEqual(
      [],
    );
    expect(renderSite(one)[0]?.text).toContain('"enabled": false');
  }
});

test("it comes before the machines, which need a way out at their first boot", () => {
  const stacks = renderInfra(site).flatMap(({ path }) => /infra\/(\w+)\/cdk/.exec(path)?.[1] ?? []);
  expect(stacks).toEqual(["servers", "ceph", "gateway", "machines", "hosts"]);
});

test("it is what the provider's own schema allows", () => {
  for (const { path, text } of renderInfra(site).filter(({ path }) => path.endsWith(".tf.json")))
    expect(conformanceProblems(JSON.parse(text), committedSchema()), path).toEqual([]);
});

test("it has two machines on different servers, kept apart, which no change replaces and no plan may destroy", () => {
  expect(Object.keys(vms)).toEqual(machines.map(({ name }) => name));
  expect(new Set(Object.values(vms).map((vm) => vm["node_name"])).size).toBe(2);
  expect(resource["proxmox_harule"]).toHaveProperty("gateways_apart.affinity", "negative");
  for (const vm of Object.values(vms))
    expect(vm).toMatchObject({
      tags: ["gateway", site.name].sort(),
      reboot_after_update: false,
      lifecycle: { ignore_changes: expect.arrayContaining(["initialization[0].network_data_file_id"]) },
    });
});

test.each(machines)("$name has a card to the machines and one outside, and its way out through that one", (machine) => {
  const devices = vms[machine.name]?.["network_device"] as { bridge: string; mac_address: string }[];
  expect(devices.map(({ bridge }) => bridge)).toEqual([site.network.bridge, outside?.bridge]);
  const files = resource["proxmox_virtual_environment_file"] ?? {};
  const { data } = files[`network-${machine.name}`]?.["source_raw"] as { data: string };
  const { ethernets } = parse(data);
  const inside = ethernets[site.network.interface];
  const out = ethernets[outside?.interface ?? ""];
  expect([inside, out].map(({ match }) => match.macaddress.toUpperCase())).toEqual(
    devices.map(({ mac_address }) => mac_address),
  );
  expect(inside).toMatchObject({ addresses: [`${machine.address}/24`] });
  expect(inside).not.toHaveProperty("routes");
  expect(out).toMatchObject({
    addresses: [`${machine.outsideAddress}/24`],
    routes: [{ to: "0.0.0.0/0", via: outside?.gateway }],
    nameservers: { addresses: site.gateway.forwarders },
  });
});

test("a changed file is put in force on one gateway after another, and touches no machine", () => {
  const [first, second] = machines.map(({ name }) => resource["terraform_data"]?.[name]);
  expect(JSON.stringify(first?.["triggers_replace"])).toContain("filesha256");
  expect(first).not.toHaveProperty("depends_on");
  expect(second?.["depends_on"]).toEqual([`terraform_data.${machines[0]?.name}`]);
  expect(JSON.stringify(vms)).not.toContain("filesha256");
});

test("its image is a file of its own on the storage that it shares with the machines'", () => {
  const nameIn = (stack: "gateway" | "machines"): unknown =>
    renderedStack(site, stack).resource["proxmox_download_file"]?.["debian"]?.["file_name"];
  expect(nameIn("gateway")).not.toBe(nameIn("machines"));
});

test("the gateways get their certificates one after another, once all control planes have entered", () => {
  const data = renderedStack(site, "hosts").resource["terraform_data"];
  const [first, second] = machines.map(({ name }) => data?.[`certificate_${name}`]);
  expect(first?.["depends_on"]).toEqual(["kube0", "kube1", "kube2"].map((name) => `terraform_data.${name}`));
  expect(second?.["depends_on"]).toEqual([`terraform_data.certificate_${machines[0]?.name}`]);
});
