import { type App, TerraformStack } from "cdktf";
import { controlPlanes, type Machine, type Site, workers } from "@molly/site";
import { terraformName } from "../terraform-name.ts";
import { variable } from "../variable.ts";
import { fileHashExpression, hostsFolder } from "./file-hash.ts";
import { requiredVersion, stateBackend } from "./state-backend.ts";
import { terraformData } from "./terraform-data.ts";

/** By machine, so that a plan shows whose files have changed. */
const fileHashes = `\${{ for name in local.names : name => ${fileHashExpression("${name}")} }}`;

/**
 * From machines that have booted to a Ready cluster, and on from there. Nothing here makes or replaces a machine: the
 * resources are Terraform's built-in `terraform_data`, each with a script that is beside the stack for review.
 *
 * - `<machine>`: enters the cluster once; the first control plane, the others one after another, workers side by side.
 * - `cluster_member`: one for each machine; when its key is gone from the site, that machine leaves the cluster.
 * - `certificate_<gateway>`: lets etcd decide which gateway holds their VIP.
 * - `pod_network`, `cluster_ready`: what a cluster needs before anything may be changed in it.
 * - `roll_out`: runs again whenever a file of a machine changes, and changes one machine at a time.
 *
 * No host name has an underscore, so no machine has the name of one of these.
 */
export class HostsStack extends TerraformStack {
  readonly #site: Site;

  constructor(app: App, site: Site) {
    super(app, "hosts");
    this.#site = site;
    stateBackend(this, site, "hosts");
    this.addOverride("terraform.required_version", requiredVersion[site.state.backend]);
    this.#variables();
    this.addOverride("locals", {
      names: site.machines.map(({ name }) => name).sort(),
      control_planes: controlPlanes(site).map(({ name, address }) => `${name}=${address}`),
    });

    const entered = this.#machines();
    const [first = ""] = entered;
    this.#members(entered);
    this.#gatewayCertificates(entered.slice(0, controlPlanes(site).length));
    const network = this.#podNetwork(first);
    const ready = this.#ready([...entered, network]);
    this.#rollOut(ready);
  }

  #variables(): void {
    variable(this, "ssh_config", {
      type: "string",
      description: "File for `ssh -F`: user, key, jump host of the machines; empty: the one beside this stack",
      default: "",
    });
    variable(this, "machine_ids", {
      type: "map(string)",
      description: "The output `machine_ids` of the stack machines: a machine with another id enters the cluster anew",
      default: {},
    });
    variable(this, "pod_network", {
      type: "string",
      description: "Folder of the pod network's manifests; empty: the rendered one",
      default: "",
    });
    variable(this, "molly_command", {
      type: "string",
      description: "Command that rolls changed files out; empty: ./molly of this repository",
      default: "",
    });
  }

  /** Returns the addresses, the machine that starts the cluster first. */
  #machines(): string[] {
    const planes: string[] = [];
    // Each after the one before: two that join at once would cost etcd its quorum.
    for (const machine of controlPlanes(this.#site)) planes.push(this.#enter(machine, planes.slice(-1)));
    return [...planes, ...workers(this.#site).map((machine) => this.#enter(machine, planes.slice(0, 1)))];
  }

  #enter(machine: Machine, dependsOn: readonly string[]): string {
    const { name, address, role } = machine;
    return terraformData(this, terraformName(name), {
      triggers: [`\${lookup(var.machine_ids, "${name}", "")}`],
      dependsOn,
      script: {
        name: "enter.sh",
        environment: {
          NODE: name,
          ADDRESS: address,
          ROLE: role,
          CONTROL_PLANES: '${join(" ", local.control_planes)}',
          HOSTS: hostsFolder,
          SSH_CONFIG: "${var.ssh_config}",
        },
      },
    });
  }

  /**
   * One resource with a key for each machine: a resource that is gone from the configuration takes its script along, a key
   * does not. Without triggers, so that nothing but its own end makes a machine leave.
   */
  #members(entered: readonly string[]): void {
    const members = this.#site.machines.map(({ name, address, role }) => [name, { address, role }] as const);
    this.addOverride("locals.machines", Object.fromEntries(members));
    terraformData(this, "cluster_member", {
      forEach: "${local.machines}",
      input: {
        address: "${each.value.address}",
        role: "${each.value.role}",
        // For ./molly guard.
        protects: '${each.value.role == "control-plane" ? "control-plane" : ""}',
        control_planes: '${join(" ", local.control_planes)}',
        ssh_config: "${var.ssh_config}",
      },
      dependsOn: entered,
      script: {
        name: "leave.sh",
        whenDestroyed: true,
        environment: {
          NODE: "${each.key}",
          ADDRESS: "${self.input.address}",
          ROLE: "${self.input.role}",
          CONTROL_PLANES: "${self.input.control_planes}",
          SSH_CONFIG: "${self.input.ssh_config}",
        },
      },
    });
  }

  /** One gateway after another, once there is an etcd that may decide for them. */
  #gatewayCertificates(planes: readonly string[]): void {
    const { enabled, machines } = this.#site.gateway;
    if (!enabled) return;
    variable(this, "gateway_ids", {
      type: "map(string)",
      description:
        "The output `gateway_ids` of the stack gateway: one with another id is asked for its certificate anew",
      default: {},
    });
    machines.reduce<readonly string[]>(
      (dependsOn, { name, address }) => [
        terraformData(this, `certificate_${name}`, {
          triggers: [`\${lookup(var.gateway_ids, "${name}", "")}`],
          dependsOn,
          script: {
            name: "gateway-certificate.sh",
            environment: {
              NODE: name,
              ADDRESS: address,
              CONTROL_PLANES: '${join(" ", local.control_planes)}',
              SSH_CONFIG: "${var.ssh_config}",
            },
          },
        }),
      ],
      planes,
    );
  }

  #podNetwork(first: string): string {
    const rendered = "${path.module}/../../cluster/network";
    return terraformData(this, "pod_network", {
      dependsOn: [first],
      script: {
        name: "pod-network.sh",
        environment: {
          ...this.#askFirst(),
          MANIFESTS: `\${var.pod_network == "" ? "${rendered}" : var.pod_network}`,
        },
      },
    });
  }

  #ready(dependsOn: readonly string[]): string {
    return terraformData(this, "cluster_ready", {
      triggers: ["${local.names}", "${var.machine_ids}"],
      dependsOn,
      script: {
        name: "await-ready.sh",
        environment: { ...this.#askFirst(), MACHINES: '${join(" ", local.names)}' },
      },
    });
  }

  #rollOut(ready: string): void {
    terraformData(this, "roll_out", {
      triggers: fileHashes,
      dependsOn: [ready],
      script: {
        name: "roll-out.sh",
        environment: {
          SITE: this.#site.name,
          MACHINES: '${join(" ", [for name, machine in local.machines : "${name}=${machine.address}"])}',
          MOLLY: "${var.molly_command}",
          SSH_CONFIG: "${var.ssh_config}",
        },
      },
    });
  }

  /** Whoever is asked about the cluster as a whole. */
  #askFirst(): Readonly<Record<"NODE" | "ADDRESS" | "SSH_CONFIG", string>> {
    const [first] = controlPlanes(this.#site);
    if (first === undefined) throw new Error(`Site '${this.#site.name}' has no control plane: it was not validated.`);
    return { NODE: first.name, ADDRESS: first.address, SSH_CONFIG: "${var.ssh_config}" };
  }
}
