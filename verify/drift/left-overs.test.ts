import fc from "fast-check";
import { expect, test } from "vitest";
import { type FieldSet, type ManagedFields, withoutLeftOvers } from "./left-overs.ts";

const by = (manager: string, fieldsV1: FieldSet, subresource?: string): ManagedFields => ({
  ...{ manager, fieldsV1 },
  ...(subresource === undefined ? {} : { subresource }),
});

const web = {
  metadata: { labels: { "app": "web", "by": "hand", "kustomize.toolkit.fluxcd.io/name": "workloads" } },
  spec: {
    replicas: 2,
    containers: [
      {
        name: "web",
        image: "web:1",
        env: [{ name: "A", value: "1" }],
        ports: [{ containerPort: 80, protocol: "TCP" }],
      },
      { name: "planted", image: "other:1" },
    ],
    finalizers: ["keep", "added"],
  },
};
const rendered = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "web", image: "web:1", ports: [{ containerPort: 80 }] }], finalizers: ["keep"] },
};
const port = 'k:{"containerPort":80,"protocol":"TCP"}';
const ofFlux = by("kustomize-controller", {
  "f:metadata": { "f:labels": { "f:app": {}, "f:kustomize.toolkit.fluxcd.io/name": {} } },
  "f:spec": {
    "f:containers": {
      'k:{"name":"web"}': {
        ".": {},
        "f:name": {},
        "f:image": {},
        "f:ports": { [port]: { ".": {}, "f:containerPort": {}, "f:protocol": {} } },
      },
    },
    "f:finalizers": { 'v:"keep"': {} },
  },
});
const ofHands = by("kubectl-edit", {
  "f:metadata": { "f:labels": { "f:by": {} } },
  "f:spec": {
    "f:containers": {
      'k:{"name":"web"}': { "f:env": { ".": {}, 'k:{"name":"A"}': { ".": {}, "f:name": {}, "f:value": {} } } },
      'k:{"name":"planted"}': { ".": {}, "f:name": {}, "f:image": {} },
    },
    "f:finalizers": { 'v:"added"': {} },
  },
});

test("what hands added goes: a label, an element of a list, a value of a set, a field; Flux's own marks stay", () => {
  const { metadata, spec } = withoutLeftOvers(web, rendered, [ofFlux, ofHands]) as typeof web;
  expect(metadata.labels).toEqual({ "app": "web", "kustomize.toolkit.fluxcd.io/name": "workloads" });
  expect(spec.containers).toEqual([{ name: "web", image: "web:1", ports: [{ containerPort: 80, protocol: "TCP" }] }]);
  expect(spec.finalizers).toEqual(["keep"]);
});

test("what controllers have set stays, also where hands have set it too", () => {
  const scaler = by("horizontal-pod-autoscaler", { "f:spec": { "f:replicas": {} } });
  const hands = by("kubectl", { "f:spec": { "f:replicas": {} } });
  expect(withoutLeftOvers(web, rendered, [ofFlux, scaler, hands])).toEqual(web);
  expect(withoutLeftOvers(web, rendered, [ofFlux, hands])).not.toHaveProperty("spec.replicas");
});

test("what is set through a subresource has its own authors", () => {
  expect(withoutLeftOvers(web, rendered, [by("kubectl", { "f:spec": { "f:replicas": {} } }, "scale")])).toEqual(web);
});

test("what Flux applied before and is no longer rendered goes", () => {
  const before = by("kustomize-controller", { "f:spec": { "f:replicas": {} } });
  expect(withoutLeftOvers(web, rendered, [before])).not.toHaveProperty("spec.replicas");
});

test("a namespace's empty spec is the API's to fill in", () => {
  const namespace = { kind: "Namespace", spec: { finalizers: ["kubernetes"] } };
  expect(withoutLeftOvers(namespace, { kind: "Namespace" }, [by("kustomize-controller", { "f:spec": {} })])).toEqual(
    namespace,
  );
});

test("an object that is as it is rendered loses nothing, whoever set what", () => {
  const fieldsOf = (value: unknown): FieldSet =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]))
      : {};
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom("kubectl", "flux", ""),
      (value, manager) => {
        const object = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        expect(withoutLeftOvers(object, object, [by(manager, fieldsOf(object))])).toEqual(object);
      },
    ),
  );
});
