import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { aurora, machineOf, molly, sites } from "./fixtures/sites.ts";
import { discoveryFile } from "./kubeadm/node-registration.ts";
import { nodeEnvironment } from "./node-environment.ts";
import { scripts } from "./scripts.ts";

const all = sites.flatMap((site) => site.machines.flatMap((machine) => scripts(site, machine)));
const script = (name: string): string => all.find(({ path }) => path.endsWith(`/${name}`))?.text ?? "";

test("every command is a POSIX shell script that stops at the first error", () => {
  for (const { path, text } of all.filter(({ executable }) => executable)) {
    expect(text, path).toMatch(/^#!\/bin\/sh\n/);
    expect(directives(text)[0], path).toBe("set -eu");
  }
});

test("every MOLLY_ variable that a script uses is known to it", () => {
  const known = new Set(nodeEnvironment(molly, machineOf(molly, "kube0")).match(/MOLLY_\w+/g));
  known.add("MOLLY_KUBEADM_FLAGS");
  const used = new Set(all.flatMap(({ text }) => text.match(/MOLLY_\w+/g) ?? []));
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
  expect([...known].filter((name) => !used.has(name))).toEqual([]);
});

test("the bundle that molly-invite packs is the one that molly-join unpacks", () => {
  const keys = [...script("molly-invite").matchAll(/etc\/kubernetes\/pki\/([\w/-]+\.(?:crt|key|pub))/g)].map(
    ([, file]) => file,
  );
  const packed = new Set(keys);
  const unpacked = new Set(/for file in ([^;]+);/.exec(script("molly-join"))?.[1]?.split(" "));
  expect(packed).toEqual(unpacked);
  expect(packed.size).toBe(8);
});

test("molly-invite, molly-join and kubeadm agree on where the discovery file is", () => {
  for (const name of ["molly-invite", "molly-join"]) expect(script(name)).toContain(discoveryFile.slice(1));
});

test("no script knows a site", () => {
  for (const { name, address } of [...molly.machines, ...aurora.machines])
    for (const { path, text } of all) {
      expect(text, path).not.toContain(address);
      expect(text.split(/\W+/), path).not.toContain(name);
    }
});
