import { ApiObject, App } from "cdk8s";
import { expect, test } from "vitest";
import { manifestFiles } from "./manifest-files.ts";
import { NamedChart } from "./named-chart.ts";

test("two objects that would share a file are refused", () => {
  const chart = new NamedChart(new App(), "chart");
  for (const namespace of ["one", "two"]) {
    new ApiObject(chart, namespace, { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "same", namespace } });
  }
  expect(() => manifestFiles("folder", chart)).toThrow("folder/configmap-same.yaml: two objects of one kind and name");
});

test("an object without a name of its own is refused: cdk8s would name it after its place in the code", () => {
  const chart = new NamedChart(new App(), "chart");
  const nameless = () => new ApiObject(chart, "nameless", { apiVersion: "v1", kind: "ConfigMap" });
  expect(nameless).toThrow("ConfigMap at 'chart/nameless' has no name: give it a metadata.name.");
});

test("values that YAML 1.1 would read as something else are quoted", () => {
  const chart = new NamedChart(new App(), "chart");
  const data = { boolean: "true", off: "off", number: "60", octal: "0644", empty: "", base60: "12:30:45" };
  new ApiObject(chart, "tricky", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "tricky" }, data });
  const [file] = manifestFiles("folder", chart);
  expect(file?.text).toMatchInlineSnapshot(`
    "apiVersion: v1
    data:
      base60: "12:30:45"
      boolean: "true"
      empty: ""
      number: "60"
      octal: "0644"
      "off": "off"
    kind: ConfigMap
    metadata:
      name: tricky
    "
  `);
});
