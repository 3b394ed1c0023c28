import { loadSite } from "@molly/site";
import { describe, expect, test } from "vitest";
import { containerDockerfile, containerImages } from "./container-images.ts";
import { goModules } from "./go-modules.ts";
import { checkTag, upstreamName } from "./kubeadm-images.ts";
import { labVersions } from "./versions.ts";

const versions = labVersions(loadSite("molly"));
const images = containerImages(versions);

/** What kubeadm 1.36.3 printed for `config images list`. */
const printed = [
  "registry.k8s.io/kube-apiserver:v1.36.3",
  "registry.k8s.io/kube-controller-manager:v1.36.3",
  "registry.k8s.io/kube-scheduler:v1.36.3",
  "registry.k8s.io/kube-proxy:v1.36.3",
  "registry.k8s.io/coredns/coredns:v1.14.2",
  "registry.k8s.io/pause:3.10.2",
  "registry.k8s.io/etcd:3.6.8-0",
];

test("every image that kubeadm looks for is made, and flannel", () => {
  const names = images.map((image) => upstreamName(image, printed));
  expect(names.sort()).toEqual([...printed, `ghcr.io/flannel-io/flannel:v${versions.flannel}`].sort());
});

describe.each(images)("$name", (image) => {
  test("its tag is the one that kubeadm looks for", () => {
    checkTag(image, upstreamName(image, printed));
  });

  test("its programs are among those that its module compiles", () => {
    const { programs, cPrograms = {} } = goModules(versions)[image.module];
    expect(Object.keys({ ...programs, ...cPrograms })).toEqual(expect.arrayContaining(Object.keys(image.programs)));
  });
});

test("programs are where upstream's image has them", () => {
  const etcd = images.find(({ name }) => name === "etcd");
  expect(etcd && containerDockerfile(etcd, "scratch")).toMatchInlineSnapshot(`
    "FROM scratch
    COPY etcd /usr/local/bin/etcd
    COPY etcdctl /usr/local/bin/etcdctl
    ENTRYPOINT ["/usr/local/bin/etcd"]
    "
  `);
});

test("a kubeadm that looks for another version is told apart before anything is built", () => {
  const [pause] = images.filter(({ name }) => name === "pause");
  if (pause === undefined) throw new Error("There is no image 'pause'.");
  expect(() => checkTag(pause, "registry.k8s.io/pause:4.0")).toThrowErrorMatchingInlineSnapshot(`
    [Failure: The image 'pause' can't be built here: kubeadm looks for another version than the one that is pinned.
      seen: kubeadm: registry.k8s.io/pause:4.0, pinned: 3.10.2
      do:   Put kubeadm's version into verify/lab/images/versions.ts and the go.mod of that program; or pull with \`--images pull\`.]
  `);
  expect(() => upstreamName(pause, ["registry.k8s.io/etcd:3.6.8-0"])).toThrow("needs no image 'pause'");
});
