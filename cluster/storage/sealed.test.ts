import { existsSync, readFileSync } from "node:fs";
import { sites, validate } from "@molly/site";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { namespace, secret, secretKeys } from "./names.ts";

const read = (path: string) => parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));
const sealing = sites
  .map((site) => validate(site))
  .filter(({ storage }) => storage.cephfs !== undefined && storage.secrets.from === "sops");

describe.each(sealing)("the sealed secrets of $name", ({ name, storage }) => {
  const folder = `${storage.secrets.path}/${name}`;
  const list = read(`${folder}/kustomization.yaml`);
  const files = list.resources.map((file: string) => read(`${folder}/${file}`));

  test("are listed, and there", () => {
    for (const file of list.resources)
      expect(existsSync(new URL(`../../${folder}/${file}`, import.meta.url))).toBe(true);
  });

  test("hold Ceph's key under the names by which it is referred to", () => {
    const found = files.find(({ metadata }: { metadata: { name: string } }) => metadata.name === secret);
    expect(found.metadata.namespace).toBe(namespace);
    expect(Object.keys(found.stringData)).toEqual(secretKeys);
  });

  test("show no value, and are sealed for whom .sops.yaml names", () => {
    const [{ age }] = read(`${storage.secrets.path}/.sops.yaml`).creation_rules;
    for (const { data = {}, stringData = {}, sops } of files) {
      for (const value of Object.values({ ...data, ...stringData })) expect(value).toMatch(/^ENC\[AES256_GCM,/);
      expect(sops.age.map(({ recipient }: { recipient: string }) => recipient)).toEqual([age]);
      expect(sops.mac).toMatch(/^ENC\[/);
    }
  });
});
