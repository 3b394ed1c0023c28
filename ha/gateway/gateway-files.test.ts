import { gateway } from "@molly/site/fixtures";
import { controlPlanes, validate } from "@molly/site";
import { expect, test } from "vitest";
import { molly, sites } from "../fixtures/sites.ts";
import { renderHosts } from "../render-hosts.ts";
import { gatewayHealthPort } from "./health-unit.ts";

const site = validate({ ...molly, gateway });
const files = renderHosts(site);
const textOf = (node: string, path: string): string =>
  files.find((file) => file.path === `hosts/${node}${path}`)?.text ?? "";
const names = site.gateway.machines.map(({ name }) => name);
const outside = site.gateway.outside!;

test("a site without gateways has no file of theirs", () => {
  for (const one of sites)
    expect(renderHosts(one).filter(({ path, text }) => /gate/.test(path) || text.includes("gate0"))).toEqual([]);
});

test("control planes can admit a gateway, workers can't", () => {
  const admitting = files
    .filter(({ path }) => path.endsWith("/molly-admit-gateway"))
    .map(({ path }) => path.split("/")[1]);
  expect(admitting).toEqual(controlPlanes(site).map(({ name }) => name));
});

test("no machine of the cluster gets anything else of it, but its name", () => {
  const without = renderHosts(molly).map(({ path }) => path);
  const added = files.map(({ path }) => path).filter((path) => !without.includes(path) && !/\/gate\d\//.test(path));
  expect(added.every((path) => path.endsWith("/molly-admit-gateway"))).toBe(true);
  for (const name of names) expect(textOf("kube3", "/etc/hosts")).toMatch(new RegExp(` ${name}$`, "m"));
});

test("a gateway holds no key of the cluster's and no script that could enter it", () => {
  const own = files.filter(({ path }) => /\/gate\d\//.test(path));
  expect(
    own.map(({ path }) => path).filter((path) => /kubeadm|molly-(init|join|invite|admin-conf|admit)/.test(path)),
  ).toEqual([]);
  for (const { text } of own) expect(text).not.toMatch(/PRIVATE KEY/);
});

test.each(names)("%s contends for the machines' default gateway, at every control plane's etcd", (name) => {
  const settings = JSON.parse(textOf(name, "/etc/molly/vip.json"));
  expect(settings).toMatchObject({
    node: name,
    vip: site.network.gateway,
    interface: site.network.interface,
    healthPort: gatewayHealthPort,
    times: site.vip.lease,
  });
  const members = controlPlanes(site).map(({ address }) => `${address}:2379`);
  expect(settings.etcd.toSorted()).toEqual(members.sort());
  // The same keys as the agent of a control plane reads, none more.
  expect(Object.keys(settings)).toEqual(Object.keys(JSON.parse(textOf("kube0", "/etc/molly/vip.json"))));
});

test("the gateways begin with different members of etcd, and never with the API's key", () => {
  const [first, second] = names.map((name) => JSON.parse(textOf(name, "/etc/molly/vip.json")));
  expect(first.etcd[0]).not.toBe(second.etcd[0]);
  expect(first.vip).not.toBe(site.api.vip);
});

test("the firewall drops what is not said, and lets nothing in from outside", () => {
  const rules = textOf("gate0", "/etc/nftables.conf");
  for (const hook of ["input", "forward"]) expect(rules).toMatch(new RegExp(`hook ${hook} [^\\n]*policy drop;`));
  const accepting = rules.split("\n").filter((line) => line.includes("accept") && line.includes("iifname"));
  for (const line of accepting) expect(line).not.toContain(`iifname "${outside.interface}"`);
  expect(rules).toMatch(new RegExp(`oifname "${outside.interface}" masquerade`));
});

test("names are answered from the forwarders alone, and not outside", () => {
  const conf = textOf("gate0", "/etc/dnsmasq.d/molly.conf");
  expect([...conf.matchAll(/^server=(.*)$/gm)].map(([, server]) => server)).toEqual(site.gateway.forwarders);
  expect(conf).toContain(`except-interface=${outside.interface}\n`);
  expect(conf).toMatch(/^no-resolv$/m);
});
