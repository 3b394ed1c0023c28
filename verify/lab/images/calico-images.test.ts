import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadSite } from "@molly/site";
import { describe, expect, test } from "vitest";
import { calicoArchives, calicoImages } from "./calico-images.ts";
import { containerDockerfile } from "./container-images.ts";
import { goModules } from "./go-modules.ts";
import { checkTag, upstreamName } from "./kubeadm-images.ts";
import { labVersions } from "./versions.ts";
import type { Workshop } from "./workshop.ts";

const versions = labVersions(loadSite("molly"));
const images = calicoImages(versions);
const folder = join(process.cwd(), "dist", "molly", "cluster", "network", "canal");
const rendered = (await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), "utf8")))).join(
  "",
);

test("every image of Calico's that the rendered Canal names is made, and no other", () => {
  const named = [...rendered.matchAll(/ image: (quay\.io\/calico\/[^@\s]+)/g)].map(([, name]) => name);
  expect(images.map((image) => upstreamName(image, [])).sort()).toEqual([...new Set(named)].sort());
});

test("every program that the rendered Canal calls lies where it calls it", () => {
  // /bin is /usr/bin.
  const called = [...rendered.matchAll(/^ +- (\/\S*bin\/\S+)$/gm)].map(([, path = ""]) =>
    path.replace(/^\/bin/, "/usr/bin"),
  );
  const made = images.flatMap(({ programs }) => Object.values(programs));
  const ofCalico = called.filter((path) => path !== "/opt/bin/flanneld");
  expect(ofCalico.length).toBeGreaterThan(3);
  expect(made).toEqual(expect.arrayContaining(ofCalico));
});

describe.each(images)("$name", (image) => {
  test("its tag is the site's, and its programs are among those that the module compiles", () => {
    checkTag(image, upstreamName(image, []));
    expect(Object.keys(goModules(versions)[image.module].programs)).toEqual(
      expect.arrayContaining(Object.keys(image.programs)),
    );
  });
});

test("an image says who it is and how it starts", () => {
  const controllers = images.find(({ name }) => name === "calico-kube-controllers");
  expect(controllers && containerDockerfile(controllers, "base")).toMatchInlineSnapshot(`
    "FROM base
    COPY wrapper /usr/bin/wrapper
    COPY kube-controllers /usr/bin/kube-controllers
    COPY check-status /usr/bin/check-status
    USER 999
    ENTRYPOINT ["/usr/bin/wrapper","/usr/bin/kube-controllers"]
    "
  `);
});

test("a Canal whose images are cut otherwise is refused before anything is compiled", async () => {
  const workshop = { versions: { ...versions, calico: "3.33.1" } } as Workshop;
  const wanted = ["quay.io/calico/calico:v3.33.1", "quay.io/calico/node:v3.33.1"];
  const props = { wanted, programs: {} as never, netBase: {} as never };
  await expect(calicoArchives(workshop, props)).rejects.toThrowErrorMatchingInlineSnapshot(`
    [Failure: Calico's images for Canal 3.33.1 can't be compiled here.
      seen: it wants quay.io/calico/calico:v3.33.1; the programs of 3.31.0 fit the images of 3.32 alone
      do:   Pull them with \`--images pull\` where a registry answers, or leave \`--policies\` out: flannel's half is built.]
  `);
});
