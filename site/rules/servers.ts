import { installerBridge, installerMtu } from "../hypervisor.ts";
import { isDnsName, isInterfaceName } from "../names.ts";
import type { Disk, Server, Site } from "../schema.ts";
import type { Problem } from "../problem.ts";
import { repetitions, rule } from "./rule.ts";

/** A disk, with where it is written. */
interface Placed {
  readonly path: string;
  readonly server: string;
  readonly disk: Disk;
}

const disksOf = ({ name, disks }: Server, index: number): Placed[] =>
  disks.map((disk, at) => ({ path: `servers[${index}].disks[${at}]`, server: name, disk }));

/** Ceph names its metadata servers after the server and takes no name that begins with a digit (`pveceph mds create`). */
const daemonNames = rule(["servers"], ({ servers }) =>
  servers.flatMap(({ name }, index): Problem[] => {
    const rule = "begins with a digit, which Ceph doesn't take for the name of a daemon";
    return /^\d/.test(name)
      ? [{ path: `servers[${index}].name`, value: name, rule, remedy: "Let it begin with a letter." }]
      : [];
  }),
);

/** Every character is one that udev uses in these names and that no shell, no TOML and no glob treats as its own. */
const isDiskId = (text: string): boolean => /^(ata|nvme|scsi|wwn)-[a-zA-Z0-9][a-zA-Z0-9._:+-]*$/.test(text);

const diskIds = rule(["servers"], ({ servers }) =>
  servers.flatMap(disksOf).flatMap(({ path, disk: { id } }): Problem[] => {
    const remedy = "Write it as `ls /dev/disk/by-id` shows it there, as in ata-MODEL_SERIAL.";
    return id === undefined || isDiskId(id)
      ? []
      : [{ path: `${path}.id`, value: id, rule: "is no name of a whole disk in /dev/disk/by-id", remedy }];
  }),
);

/** The order of a server's disks says nothing: with half of them named nobody could tell which the others are. */
const allOrNone = rule(["servers"], ({ servers }) =>
  servers.flatMap((server, index) => {
    const [first, ...more] = disksOf(server, index).filter(({ disk }) => disk.id === undefined);
    if (first === undefined || more.length + 1 === server.disks.length) return [];
    const rule = `is missing, and other disks of ${server.name} have one`;
    return [{ path: `${first.path}.id`, value: undefined, rule, remedy: "Name all disks of a server or none." }];
  }),
);

/** No disk twice, on whichever server: a number of the factory's. A disk of the mirror that is an OSD too would be lost. */
const oneUse = rule(["servers"], ({ servers }) =>
  repetitions(
    servers.flatMap(disksOf).filter(({ disk }) => disk.id !== undefined),
    ({ disk }) => disk.id,
  ).map(({ item, earlier }) => ({
    path: `${item.path}.id`,
    value: item.disk.id,
    rule: `is also the id of ${earlier.path}, ${uses[earlier.disk.use]} of ${earlier.server}`,
    remedy: "Each disk has one use: correct one of the two.",
  })),
);

const uses: Readonly<Record<Disk["use"], string>> = { zfs: "a disk of the ZFS mirror", ceph: "an OSD" };

/** The installer finds the mirror's disks by patterns that begin with their ids, and erases what it finds. */
const noPrefix = rule(["servers"], ({ servers }) =>
  servers.flatMap((server, index) => {
    const disks = disksOf(server, index);
    return disks
      .filter(({ disk }) => disk.use === "zfs")
      .flatMap(({ path, disk: { id } }) => {
        const longer = disks.find(({ disk }) => id && disk.id !== id && disk.id?.startsWith(id));
        if (longer === undefined) return [];
        const rule = `is how the id of ${longer.path} begins: the installer would take that disk too`;
        return [{ path: `${path}.id`, value: id, rule, remedy: "Use another name of this disk in /dev/disk/by-id." }];
      });
  }),
);

/** What the installer matches the second disk of the mirror by, the serial number, is not part of a `wwn-` name. */
const mirrorById = rule(["servers"], ({ servers }) =>
  servers.flatMap((server, index) =>
    disksOf(server, index).flatMap(({ path, disk: { id, use } }): Problem[] => {
      const rule = "has no serial number in it, by which the installer finds the mirror's disks";
      const remedy = "Use the name that begins with ata-, nvme- or scsi-.";
      return use === "zfs" && id !== undefined && /^(wwn-|nvme-(eui|uuid|nvme)\.)/.test(id)
        ? [{ path: `${path}.id`, value: id, rule, remedy }]
        : [];
    }),
  ),
);

const isMac = (text: string): boolean => /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(text);

const macs = rule(["servers"], ({ servers }): Problem[] => {
  const given = servers.flatMap(({ name, mac }, index) =>
    mac === undefined ? [] : [{ path: `servers[${index}].mac`, name, mac }],
  );
  const remedy = "Write six pairs of lower-case hexadecimal digits, as in 52:54:00:12:34:56.";
  return [
    ...given
      .filter(({ mac }) => !isMac(mac))
      .map(({ path, mac }) => ({ path, value: mac, rule: "is no MAC address", remedy })),
    ...repetitions(given, ({ mac }) => mac).map(({ item, earlier }) => ({
      path: item.path,
      value: item.mac,
      rule: `is also the MAC address of ${earlier.name}`,
      remedy: "Correct one of the two.",
    })),
  ];
});

/** The installer makes one bridge, without an MTU of its own; any other is made on a card that only its owner knows. */
const bridge = rule(["servers", "network", "canal"], (site) => {
  if (site.network.bridge === installerBridge) return installersBridge(site);
  return isInterfaceName(site.network.bridge) ? site.servers.flatMap(ownBridge) : []; // told already
});

const installersBridge = ({ servers, canal }: Pick<Site, "servers" | "canal">): Problem[] => [
  ...servers.flatMap(({ bridgePort: value }, index) => {
    if (value === undefined) return [];
    const rule = `is of no use: ${installerBridge} is made by the installer, on the card with the server's address`;
    return [
      { path: `servers[${index}].bridgePort`, value, rule, remedy: "Remove it, or name another network.bridge." },
    ];
  }),
  ...(canal.interfaceMtu === installerMtu
    ? []
    : [
        {
          path: "canal.interfaceMtu",
          value: canal.interfaceMtu,
          rule: `is not the MTU of ${installerBridge}, which the installer makes with ${installerMtu}`,
          remedy: "Name another network.bridge, and the card under it as bridgePort of each server.",
        },
      ]),
];

const ownBridge = ({ name, bridgePort: value }: Server, index: number): Problem[] => {
  const path = `servers[${index}].bridgePort`;
  const remedy = `Name the network card of ${name} that the machines' bridge is made on, as in enp2s0.`;
  if (value === undefined)
    return [{ path, value, rule: `is missing, and only ${installerBridge} is made by the installer`, remedy }];
  return isInterfaceName(value) ? [] : [{ path, value, rule: "is no network card", remedy }];
};

/** Proxmox VE stores three, as many as glibc asks. */
const mostNameServers = 3;

const nameServers = rule(["network"], ({ network: { nameServers: value } }) =>
  value.length <= mostNameServers
    ? []
    : [
        {
          path: "network.nameServers",
          value,
          rule: `are more than the ${mostNameServers} that a server can ask`,
          remedy: `Give ${mostNameServers} at most.`,
        },
      ],
);

/** Proxmox VE, "Automated Installation", section `global`. */
const keyboards =
  "de de-ch dk en-gb en-us es fi fr fr-be fr-ca fr-ch hu is it jp lt mk nl no pl pt pt-br se si tr".split(" ");

interface Form {
  readonly key: "sshUser" | "domain" | "timeZone" | "country" | "keyboard";
  readonly matches: (text: string) => boolean;
  readonly rule: string;
  readonly remedy: string;
}

const forms: readonly Form[] = [
  {
    key: "sshUser",
    matches: (text) => /^[a-z_][a-z0-9_-]{0,31}$/.test(text),
    rule: "is no name of a user",
    remedy: "Use lower-case letters, digits, hyphens and underscores, as in root.",
  },
  {
    key: "domain",
    matches: isDnsName,
    rule: "is no DNS domain",
    remedy: "Use labels of lower-case letters, digits and hyphens with dots between them, as in example.org.",
  },
  {
    key: "timeZone",
    matches: (text) => /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+)*$/.test(text),
    rule: "is no time zone",
    remedy: "Write it as below /usr/share/zoneinfo, as in Europe/Vienna or UTC.",
  },
  {
    key: "country",
    matches: (text) => /^[a-z]{2}$/.test(text),
    rule: "is no code of a country",
    remedy: "Write the two letters of ISO 3166-1 in lower case, as in at.",
  },
  {
    key: "keyboard",
    matches: (text) => keyboards.includes(text),
    rule: "is no keyboard layout of Proxmox VE's installer",
    remedy: `Choose one of ${keyboards.join(", ")}.`,
  },
];

const wellFormed = rule(["proxmox"], ({ proxmox }) =>
  forms.flatMap(({ key, matches, ...told }) =>
    matches(proxmox[key]) ? [] : [{ path: `proxmox.${key}`, value: proxmox[key], ...told }],
  ),
);

export const serverRules = [
  ...[daemonNames, diskIds, allOrNone, oneUse, noPrefix, mirrorById],
  ...[macs, bridge, nameServers, wellFormed],
];
