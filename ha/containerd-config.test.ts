import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { containerdConfig } from "./containerd-config.ts";
import { molly } from "./fixtures/sites.ts";
import { kubeletConfiguration } from "./kubeadm/kubelet-configuration.ts";

test("containerd's settings are for 2.x and can be overridden by the machine", () => {
  expect(parse(containerdConfig(molly))).toEqual({
    version: 3,
    imports: ["/etc/containerd/conf.d/*.toml"],
    plugins: {
      "io.containerd.cri.v1.images": { pinned_images: { sandbox: "registry.k8s.io/pause:3.10.2" } },
      "io.containerd.cri.v1.runtime": {
        cni: { bin_dirs: ["/opt/cni/bin"] },
        containerd: { runtimes: { runc: { options: { SystemdCgroup: true } } } },
      },
    },
  });
});

test("the pause image follows the Kubernetes release", () => {
  const older = { ...molly, kubernetes: { ...molly.kubernetes, version: "1.35.3" } };
  expect(containerdConfig(older)).toContain('sandbox = "registry.k8s.io/pause:3.10.1"');
});

test("containerd and the kubelet agree on who owns the cgroups", () => {
  expect(containerdConfig(molly).includes("SystemdCgroup = true")).toBe(true);
  expect(kubeletConfiguration()).toContain("cgroupDriver: systemd");
});
