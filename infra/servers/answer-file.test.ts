import type { Server } from "@molly/site";
import { parse } from "smol-toml";
import { describe, expect, test } from "vitest";
import { testedSites } from "../fixtures/sites.ts";
import { answerFile } from "./answer-file.ts";

/** As build-isos.sh would fill it in. */
const filled = (text: string): string =>
  text.replace("@KEYS@", '"ssh-ed25519 AAAA root"').replaceAll(/@([A-Z_]+)@/g, "$1");

describe.each(testedSites)("the answers for $name", (site) => {
  test.each(site.servers)("install $name at its address, on a ZFS mirror, unattended", (server) => {
    const [, prefix] = site.network.cidr.split("/");
    expect(parse(filled(answerFile(site, server)))).toMatchObject({
      "global": {
        "fqdn": `${server.name}.${site.proxmox.domain}`,
        "timezone": site.proxmox.timeZone,
        "root-password-hashed": "HASH",
        "root-ssh-keys": ["ssh-ed25519 AAAA root"],
        "reboot-on-error": false,
      },
      "network": {
        source: "from-answer",
        cidr: `${server.address}/${prefix}`,
        gateway: site.network.gateway,
        dns: site.network.nameServers[0],
      },
      "disk-setup": { "filesystem": "zfs", "zfs": { raid: "raid1" }, "filter-match": "any" },
    });
  });

  test.each(site.servers)("name no disk of $name that is not of the mirror, and both that are", (server) => {
    const filters = filtersOf(site, server);
    for (const { id, use } of server.disks)
      if (id !== undefined) expect(matches(filters, id), `${use} ${id}`).toBe(use === "zfs");
  });

  test("hold no password and no hash", () => {
    for (const server of site.servers) {
      expect(answerFile(site, server)).not.toMatch(/root-password *=/);
      expect(answerFile(site, server)).not.toMatch(/\$[0-9a-z]+\$/);
    }
  });
});

type Filters = Readonly<Record<string, string>>;

function filtersOf(site: Parameters<typeof answerFile>[0], server: Server): Filters {
  const setup = parse(filled(answerFile(site, server)))["disk-setup"] as { filter: Filters };
  return setup.filter;
}

/** As the installer judges a disk with `filter-match = "any"`: one property whose pattern covers the whole value. */
function matches(filters: Filters, id: string): boolean {
  const properties: Filters = {
    DEVLINKS: `/dev/disk/by-path/pci-0000 /dev/disk/by-id/${id} /dev/disk/by-diskseq/9`,
    ID_SERIAL: id.slice(id.indexOf("-") + 1),
  };
  return Object.entries(filters).some(([property, pattern]) => {
    const [start = "", ...rest] = pattern.split("*").map((part) => part.replaceAll(/[.+]/g, "\\$&"));
    return new RegExp(`^${[start, ...rest].join(".*")}$`).test(properties[property] ?? "");
  });
}

test("what the site leaves open is asked for, by a name", () => {
  const [open] = testedSites.flatMap((site) =>
    site.servers.filter(({ mac }) => mac === undefined).map((server) => ({ site, server })),
  );
  if (open === undefined) throw new Error("No site leaves anything open.");
  const asked = answerFile(open.site, open.server).match(/@[A-Z_]+@/g);
  expect(asked).toEqual(["@HASH@", "@KEYS@", "@MAC@", "@FIRST_DISK@", "@SECOND_SERIAL@"]);
});
