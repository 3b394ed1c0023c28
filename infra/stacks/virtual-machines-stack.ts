import { type App } from "cdktf";
import { DownloadFile } from "@cdktf/provider-proxmox/download-file";
import type { ProxmoxProviderConfig } from "@cdktf/provider-proxmox/provider";
import type { Site } from "@molly/site";
import { keepName } from "../terraform-name.ts";
import { debianImageVariables } from "./debian-image.ts";
import { entryServer } from "./entry-server.ts";
import { ProxmoxStack } from "./proxmox-stack.ts";

/**
 * A stack of virtual machines from Debian's image: who may log in to them, and what they are made from. Wants the pool of
 * the stack `ceph`, and the CephFS as a storage of its own name with the content types `import` and `snippets`.
 */
export class VirtualMachinesStack extends ProxmoxStack {
  /** SSH public keys of the user `debian`. */
  protected readonly keys: string[];
  protected readonly image: DownloadFile;

  /** @param imagePrefix before the image's file name: two stacks on one storage must not share a file */
  constructor(app: App, site: Site, name: string, imagePrefix = "") {
    super(app, site, name);
    this.keys = this.variable("ssh_public_keys", {
      type: "list(string)",
      description: "SSH public keys that may log in as 'debian' on every machine",
      validation: {
        condition: "${length(var.ssh_public_keys) > 0}",
        errorMessage: "ssh_public_keys must name at least one key: the machines have no password.",
      },
    }).listValue;
    this.image = this.#debianImage(site, imagePrefix);
  }

  /** Snippets have no place in Proxmox VE's API: the provider lays them down over SSH, with the agent's keys. */
  protected override ssh(): ProxmoxProviderConfig["ssh"] {
    const username = this.variable("proxmox_ssh_username", {
      type: "string",
      description: "User that logs in to the servers over SSH to lay down the cloud-init files",
      default: "root",
    });
    return { agent: true, username: username.stringValue };
  }

  #debianImage(site: Site, prefix: string): DownloadFile {
    const { url, checksum } = debianImageVariables(site);
    const image = new DownloadFile(this, "debian-image", {
      nodeName: entryServer(site),
      datastoreId: site.ceph.fileSystem,
      contentType: "import",
      url: this.variable("debian_image_url", url).stringValue,
      fileName: `${prefix}\${basename(var.debian_image_url)}`,
      checksum: this.variable("debian_image_checksum", checksum).stringValue,
      checksumAlgorithm: "sha512",
      // The checksum settles what it is: no need to ask the mirror at every plan.
      overwrite: false,
      lifecycle: { ignoreChanges: ["node_name"] },
    });
    return keepName(image, "debian");
  }
}
