import { expect, test } from "vitest";
import { manifestImages } from "./manifest-images.ts";

test("containers are found at any depth, each image once, and only containers' images", () => {
  const daemonSet = `
kind: DaemonSet
spec:
  template:
    spec:
      initContainers: [{ name: install, image: "quay.io/calico/cni:v1" }]
      containers: [{ name: node, image: "quay.io/calico/node:v1" }]
---
kind: ConfigMap
data: { image: not-a-container }
`;
  const pod = `{ kind: Pod, spec: { containers: [{ name: again, image: "quay.io/calico/node:v1" }] } }`;
  expect(manifestImages([daemonSet, pod])).toEqual(["quay.io/calico/cni:v1", "quay.io/calico/node:v1"]);
});
