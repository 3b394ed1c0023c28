import { didYouMean } from "../did-you-mean.ts";
import { parseAddress } from "../ipv4.ts";
import { isDnsLabel, isDnsName } from "../names.ts";
import type { Problem } from "../problem.ts";
import { repetitions, rule } from "./rule.ts";

const nameRemedy =
  "Use at most 253 lower-case letters, digits, hyphens and dots, beginning and ending with a letter or digit.";
const labelRemedy =
  "Use at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.";

const monitors = rule(["storage"], ({ storage: { cephfs } }) => {
  const listed = (cephfs?.monitors ?? []).map((value, index) => ({ value, path: `storage.cephfs.monitors[${index}]` }));
  return [
    ...listed
      .filter(({ value }) => parseAddress(value) === undefined)
      .map(({ path, value }) => ({
        path,
        value,
        rule: "is no IPv4 address",
        remedy: "Write the monitor's address without a port.",
      })),
    ...repetitions(listed, ({ value }) => value).map(({ item, earlier }) => ({
      ...item,
      rule: `is also ${earlier.path}`,
      remedy: "Name each monitor once.",
    })),
  ];
});

const classes = rule(["storage"], ({ storage: { cephfs } }): Problem[] => {
  const listed = (cephfs?.classes ?? []).map((entry, index) => ({ ...entry, at: `storage.cephfs.classes[${index}]` }));
  const [, ...moreDefaults] = listed.filter((entry) => entry.default);
  return [
    ...listed.filter(({ name }) => !isDnsName(name)).map(({ at, name }) => badName(at, name, "StorageClass")),
    ...repetitions(listed, ({ name }) => name).map(({ item, earlier }) => twice(item.at, item.name, earlier.at)),
    ...moreDefaults.map(({ at }) => ({
      path: `${at}.default`,
      value: true,
      rule: "makes a second default: a claim that names no class would get either",
      remedy: "Leave one default.",
    })),
  ];
});

/** The one file system that `ceph` describes; a class for another would leave every claim pending. */
const fileSystems = rule(["storage", "ceph"], ({ storage: { cephfs }, ceph: { fileSystem } }) =>
  (cephfs?.classes ?? []).flatMap(({ fileSystem: value }, index) =>
    value === undefined || value === fileSystem
      ? []
      : [
          {
            path: `storage.cephfs.classes[${index}].fileSystem`,
            value,
            rule: "is no file system of this site",
            remedy: didYouMean(value, [fileSystem], `The one there is, is '${fileSystem}' (ceph.fileSystem).`),
          },
        ],
  ),
);

/** Absolute, and without a way out of the file system. */
const isPath = (text: string): boolean => text.split("/").slice(1).every(isPathPart) && text.startsWith("/");
const isPathPart = (part: string): boolean => /^[\w.@+-]+$/.test(part) && part !== "." && part !== "..";

/** What `path=` in an MDS' rights takes without quotes, and with quotes the scripts on the servers would need more of them. */
const fitsCaps = (text: string): boolean => /^[\w./-]+$/.test(text);

/** In a path, and in a command, where a hyphen at its head would be an option; Ceph's own groups begin with `_`. */
const isGroupName = (text: string): boolean => /^[a-zA-Z0-9][\w.-]*$/.test(text);

const subvolumeGroup = rule(["storage"], ({ storage: { cephfs } }): Problem[] => {
  if (cephfs === undefined || isGroupName(cephfs.subvolumeGroup)) return [];
  return [
    {
      path: "storage.cephfs.subvolumeGroup",
      value: cephfs.subvolumeGroup,
      rule: "is no name for a subvolume group",
      remedy: "Use letters, digits, hyphens, underscores and dots, beginning with a letter or digit.",
    },
  ];
});

const volumes = rule(["storage"], ({ storage: { cephfs } }): Problem[] => {
  const listed = (cephfs?.volumes ?? []).map((entry, index) => ({ ...entry, at: `storage.cephfs.volumes[${index}]` }));
  return [
    ...listed.flatMap(({ at, name, path, namespace, claim }) => [
      ...(isDnsName(name) ? [] : [badName(at, name, "PersistentVolume")]),
      ...(isPath(path) && fitsCaps(path)
        ? []
        : [
            {
              path: `${at}.path`,
              value: path,
              rule: "is no folder that the rights of Ceph's key can name",
              remedy:
                "Write it from the root on, without '.' and '..', in letters, digits, hyphens, underscores and dots, as in /shared/photos.",
            },
          ]),
      ...(isDnsLabel(namespace)
        ? []
        : [{ path: `${at}.namespace`, value: namespace, rule: "is no name of a Namespace", remedy: labelRemedy }]),
      ...(isDnsName(claim)
        ? []
        : [{ path: `${at}.claim`, value: claim, rule: "is no name of a claim", remedy: nameRemedy }]),
    ]),
    ...repetitions(listed, ({ name }) => name).map(({ item, earlier }) => twice(item.at, item.name, earlier.at)),
    ...repetitions(listed, ({ namespace, claim }) => `${namespace}/${claim}`).map(({ item, earlier }) => ({
      path: `${item.at}.claim`,
      value: item.claim,
      rule: `gets ${earlier.name} already`,
      remedy: "Give each claim one volume.",
    })),
  ];
});

const badName = (at: string, value: string, kind: string): Problem => ({
  path: `${at}.name`,
  value,
  rule: `is no name of a ${kind}`,
  remedy: nameRemedy,
});

const twice = (at: string, value: string, earlier: string): Problem => ({
  path: `${at}.name`,
  value,
  rule: `is also the name of ${earlier}`,
  remedy: "Rename one of them.",
});

const secretStore = rule(["storage"], ({ storage: { cephfs, secrets } }): Problem[] => {
  if (cephfs === undefined || secrets.from === "sops" || secrets.store !== undefined) return [];
  const remedy = "Name the ClusterSecretStore, or set storage.secrets.from to 'sops'.";
  return [{ path: "storage.secrets.store", value: undefined, rule: "is missing: no store could be asked", remedy }];
});

const secretPath = rule(["storage", "gitops"], ({ storage: { secrets }, gitops }): Problem[] => {
  const path = "storage.secrets.path";
  if (!isPath(`/${secrets.path}`)) {
    const remedy = "Write it relative to the repository's root, without '.' and '..', as in sealed.";
    return [{ path, value: secrets.path, rule: "is no folder inside the repository", remedy }];
  }
  if (secrets.path !== gitops.path && !secrets.path.startsWith(`${gitops.path}/`)) return [];
  const rule = "lies in the rendered folder, from which what isn't rendered is removed";
  return [{ path, value: secrets.path, rule, remedy: "Choose a folder beside it, as in sealed." }];
});

export const sharedStorageRules = [monitors, subvolumeGroup, classes, fileSystems, volumes, secretStore, secretPath];
