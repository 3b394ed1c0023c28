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
  const { metadata, spec } = withoutLeftOvers({ object: web, rendered, managed: [ofFlux, ofHands] }) as typeof web;
  expect(metadata.labels).toEqual({ "app": "web", "kustomize.toolkit.fluxcd.io/name": "workloads" });
  expect(spec.containers).toEqual([{ name: "web", image: "web:1", ports: [{ containerPort: 80, protocol: "TCP" }] }]);
  expect(spec.finalizers).toEqual(["keep"]);
});

test("what controllers have set stays, also where hands have set it too", () => {
  const scaler = by("horizontal-pod-autoscaler", { "f:spec": { "f:replicas": {} } });
  const hands = by("kubectl", { "f:spec": { "f:replicas": {} } });
  expect(withoutLeftOvers({ object: web, rendered, managed: [ofFlux, scaler, hands] })).toEqual(web);
  expect(withoutLeftOvers({ object: web, rendered, managed: [ofFlux, hands] })).not.toHaveProperty("spec.replicas");
});

test("what is set through a subresource has its own authors", () => {
  const scaled = (manager: string) => by(manager, { "f:spec": { "f:replicas": {} } }, "scale");
  expect(withoutLeftOvers({ object: web, rendered, managed: [scaled("kubectl")] })).toEqual(web);
  const both = [by("kubectl", { "f:spec": { "f:replicas": {} } }), scaled("kube-controller-manager")];
  expect(withoutLeftOvers({ object: web, rendered, managed: both })).toEqual(web);
});

test("what Flux applied itself is the API's to drop", () => {
  const before = by("kustomize-controller", { "f:spec": { "f:replicas": {} } });
  expect(withoutLeftOvers({ object: web, rendered, managed: [before] })).toEqual(web);
  const both = [before, by("kubectl-edit", { "f:spec": { "f:replicas": {} } })];
  expect(withoutLeftOvers({ object: web, rendered, managed: both })).not.toHaveProperty("spec.replicas");
});

test("what is removed comes back as the API fills it in", () => {
  const object = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "50%" } } } };
  const defaults = { spec: { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } } } };
  const whole = by("kubectl-client-side-apply", {
    "f:spec": { "f:strategy": { "f:type": {}, "f:rollingUpdate": { ".": {}, "f:maxSurge": {} } } },
  });
  expect(withoutLeftOvers({ object, rendered: { spec: {} }, managed: [whole], defaults })).toEqual(defaults);
  const same = withoutLeftOvers({ object: defaults, rendered: { spec: {} }, managed: [whole], defaults });
  expect(same).toEqual(defaults);
});

test("a field inside of what is not theirs goes alone", () => {
  const object = { spec: { strategy: { type: "RollingUpdate", surge: 2 } } };
  const hands = by("kubectl-patch", { "f:spec": { "f:strategy": { "f:surge": {} } } });
  expect(withoutLeftOvers({ object, rendered: { spec: {} }, managed: [hands] })).toEqual({
    spec: { strategy: { type: "RollingUpdate" } },
  });
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
        expect(withoutLeftOvers({ object, rendered: object, managed: [by(manager, fieldsOf(object))] })).toEqual(
          object,
        );
      },
    ),
  );
});
