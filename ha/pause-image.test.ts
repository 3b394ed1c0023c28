import { expect, test } from "vitest";
import { pauseImage } from "./pause-image.ts";

test("each release has the image that its kubeadm names", () => {
  expect(["1.35.3", "1.36.3", "1.37.0"].map(pauseImage)).toEqual([
    "registry.k8s.io/pause:3.10.1",
    "registry.k8s.io/pause:3.10.2",
    "registry.k8s.io/pause:3.10.2",
  ]);
});

test("an unknown release is refused, with what to do", () => {
  expect(() => pauseImage("1.12.0")).toThrow(
    `kubernetes.version: no pause image is known for "1.12.0", only for 1.35, 1.36, 1.37. ` +
      `Run 'kubeadm config images list' of that release and add its pause version to ha/pause-image.ts.`,
  );
});
