import { Failure } from "@molly/site";
import { containerArchive } from "./container-archive.ts";
import type { ContainerImage } from "./container-images.ts";
import { upstreamName } from "./kubeadm-images.ts";
import type { BaseImage } from "./base-image.ts";
import type { Had } from "./obtain.ts";
import { packagesImage } from "./packages-image.ts";
import type { Programs } from "./programs.ts";
import { sideBySide } from "../side-by-side.ts";
import type { LabVersions } from "./versions.ts";
import type { Workshop } from "./workshop.ts";

/**
 * Calico's half of Canal for where no registry has it: the programs of an older release (see versions.ts) in images that are
 * called as the rendered manifests want them. Enough for policies by iptables; eBPF's data path is not compiled in.
 */
export function calicoImages(versions: LabVersions): readonly ContainerImage[] {
  const calico = { tag: `v${versions.calico}`, module: "calico", nodes: "everyNode" } as const;
  return [
    {
      ...{ ...calico, name: "calico-node", repository: "quay.io/calico/node", base: "net-base" },
      programs: { "calico-node": "/usr/bin/calico-node" },
      entrypoint: ["start-calico-node"],
    },
    {
      ...{ ...calico, name: "calico-cni", repository: "quay.io/calico/cni", base: "scratch" },
      // All that lies beside `install` is put on the node.
      programs: { install: "/opt/cni/bin/install", calico: "/opt/cni/bin/calico" },
    },
    {
      ...{
        ...calico,
        name: "calico-kube-controllers",
        repository: "quay.io/calico/kube-controllers",
        base: "net-base",
      },
      programs: {
        "wrapper": "/usr/bin/wrapper",
        "kube-controllers": "/usr/bin/kube-controllers",
        "check-status": "/usr/bin/check-status",
      },
      entrypoint: ["/usr/bin/wrapper", "/usr/bin/kube-controllers"],
      user: 999,
    },
  ];
}

export interface CalicoProps {
  /** The images of Calico's that the rendered manifests name. */
  readonly wanted: readonly string[];
  readonly programs: Programs;
  /** What flannel's image is built on; Calico's has more tools. */
  readonly netBase: BaseImage;
}

/**
 * Archives of Calico's images, compiled here.
 * @throws Failure when the site's Canal is of a release whose images are cut otherwise, or one does not compile.
 */
export async function calicoArchives(
  workshop: Workshop,
  { wanted, programs, netBase }: CalicoProps,
): Promise<readonly Had[]> {
  const images = calicoImages(workshop.versions);
  checkWanted(wanted, images, workshop.versions);
  const base = await packagesImage(workshop, "calico", netBase);
  return sideBySide(workshop.signal, (signal) =>
    images.map((image) =>
      containerArchive({ ...workshop, signal }, { image, upstream: upstreamName(image, []), programs, netBase: base }),
    ),
  );
}

function checkWanted(wanted: readonly string[], images: readonly ContainerImage[], versions: LabVersions): void {
  const names = images.map((image) => upstreamName(image, []));
  const others = wanted.filter((name) => !names.includes(name));
  if (others.length === 0) return;
  throw new Failure({
    what: `Calico's images for Canal ${versions.calico} can't be compiled here.`,
    seen: `it wants ${others.join(", ")}; the programs of ${versions.calicoCompiled} fit the images of 3.32 alone`,
    remedy:
      "Pull them with `--images pull` where a registry answers, or leave `--policies` out: flannel's half is built.",
  });
}
