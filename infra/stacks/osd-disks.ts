import type { TerraformStack } from "cdktf";
import type { Server, Site } from "@molly/site";
import { byName } from "../servers/by-name.ts";
import { variable } from "../variable.ts";

/** What the script is told of a server's disks: ` --disk ID` for each, or a Terraform expression that yields it. */
export type OsdDisks = (server: string) => string;

/** The OSDs' disks by their names in `/dev/disk/by-id`: from the site, and where it leaves them open from a variable. */
export function osdDisks(stack: TerraformStack, { servers }: Site): OsdDisks {
  const open = byName(servers).filter((server) => osdIds(server).includes(undefined));
  if (open.length > 0) askFor(stack, open);
  return (name) => {
    const server = servers.find((candidate) => candidate.name === name);
    if (server === undefined) throw new Error(`There is no server '${name}': the site was not validated.`);
    if (open.includes(server)) return `\${join("", [for id in var.osd_disks["${name}"] : " --disk \${id}"])}`;
    return osdIds(server)
      .map((id) => ` --disk ${id}`)
      .join("");
  };
}

const osdIds = ({ disks }: Server): (string | undefined)[] =>
  disks.filter(({ use }) => use === "ceph").map(({ id }) => id);

function askFor(stack: TerraformStack, open: readonly Server[]): void {
  const counts = open.map((server) => `${server.name} = ${osdIds(server).length}`);
  const wanted = `{ ${counts.join(", ")} }`;
  variable(stack, "osd_disks", {
    type: "map(list(string))",
    description: "For each server the names in /dev/disk/by-id of the empty disks that become OSDs",
    validation: [
      {
        condition: `\${tomap({ for server, ids in var.osd_disks : server => length(ids) }) == tomap(${quoteKeys(wanted)})}`,
        errorMessage: `osd_disks must name as many disks as the site has for Ceph, by server: ${counts.join(", ")}.`,
      },
      {
        condition:
          '${alltrue([for id in flatten(values(var.osd_disks)) : can(regex("^(ata|nvme|scsi|wwn)-[a-zA-Z0-9][a-zA-Z0-9._:+-]*$", id))])}',
        errorMessage: "osd_disks must name whole disks as `ls /dev/disk/by-id` shows them, as in ata-MODEL_SERIAL.",
      },
      {
        condition: "${length(distinct(flatten(values(var.osd_disks)))) == length(flatten(values(var.osd_disks)))}",
        errorMessage: "osd_disks must name each disk once.",
      },
    ],
  });
}

/** A server's name may hold hyphens, which HCL would read as a subtraction. */
const quoteKeys = (object: string): string => object.replaceAll(/([a-z0-9-]+) = /g, '"$1" = ');
