import { expect, test } from "vitest";
import { birch } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";
import { canalImages } from "./images.ts";

const withCanal = (canal: Partial<typeof birch.canal>) => ({ ...birch, canal: { ...birch.canal, ...canal } });

test.each(["3.31.5", "3.34.0", "4.0.0", "3.32", "latest", "v3.32.1", "3.32.1-rc1", ""])(
  "Calico '%s' is refused, with what is supported",
  (version) => {
    expect(() => renderCluster(withCanal({ version }))).toThrow(
      `canal.version: '${version}' can't be rendered: supported are exact versions of 3.32.x and 3.33.x.`,
    );
  },
);

test.each(["0.24.4", "0.27.9", "0.28.8", "latest", "v0.28.10", "0.28"])("flannel '%s' is refused", (flannelVersion) => {
  expect(() => renderCluster(withCanal({ flannelVersion }))).toThrow(
    `canal.flannelVersion: '${flannelVersion}' can't be rendered: it must be an exact version from 0.28.9 on`,
  );
});

test.each(["0.28.9", "0.28.10", "0.29.0", "1.0.0"])("flannel '%s' is taken", (flannelVersion) => {
  expect(canalImages(withCanal({ flannelVersion })).flannel).toBe(`ghcr.io/flannel-io/flannel:v${flannelVersion}`);
});

test("each release has its own images", () => {
  expect(canalImages(withCanal({ version: "3.32.1" }))).toEqual({
    installCni: "quay.io/calico/cni:v3.32.1",
    node: "quay.io/calico/node:v3.32.1",
    kubeControllers: "quay.io/calico/kube-controllers:v3.32.1",
    flannel: "ghcr.io/flannel-io/flannel:v0.28.10",
  });
  expect(canalImages(withCanal({ version: "3.33.1" }))).toEqual({
    installCni: "quay.io/calico/calico:v3.33.1",
    node: "quay.io/calico/node:v3.33.1",
    kubeControllers: "quay.io/calico/calico:v3.33.1",
    cniPlugins: "quay.io/calico/third-party-cni-plugins:v3.33.1",
    flannel: "ghcr.io/flannel-io/flannel:v0.28.10",
  });
});
