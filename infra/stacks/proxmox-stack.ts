import { type App, TerraformStack, type TerraformVariable } from "cdktf";
import type { Site } from "@molly/site";
import { ProxmoxProvider, type ProxmoxProviderConfig } from "@cdktf/provider-proxmox/provider";
import { provider } from "../bindings/resources.ts";
import { variable, type VariableProps } from "../variable.ts";
import { requiredVersion, stateBackend } from "./state-backend.ts";

/**
 * What every stack has that asks Proxmox VE: the provider at its exact version, its credentials as variables (they are never
 * rendered), and the state where the site wants it.
 */
export class ProxmoxStack extends TerraformStack {
  constructor(app: App, site: Site, name: string) {
    super(app, name);
    stateBackend(this, site, name);
    const endpoint = this.variable("proxmox_endpoint", {
      type: "string",
      description: "URL of any server's Proxmox VE API, such as https://pve0.example.org:8006/",
      validation: {
        condition: '${startswith(var.proxmox_endpoint, "https://")}',
        errorMessage: "proxmox_endpoint must begin with https://.",
      },
    });
    const apiToken = this.variable("proxmox_api_token", {
      type: "string",
      description: "API token as user@realm!name=secret",
      sensitive: true,
      validation: {
        condition: '${can(regex("^[^@]+@[^!]+![^=]+=.+$", var.proxmox_api_token))}',
        errorMessage: "proxmox_api_token must have the form user@realm!name=secret.",
      },
    });
    new ProxmoxProvider(this, "proxmox", {
      endpoint: endpoint.stringValue,
      apiToken: apiToken.stringValue,
      ssh: this.ssh(),
    });
    // The bindings pin the version too, but name Terraform's registry; without a host OpenTofu asks its own.
    this.addOverride("terraform.required_providers.proxmox", { source: provider.source, version: provider.version });
    this.addOverride("terraform.required_version", requiredVersion[site.state.backend]);
  }

  /** How the provider logs in to the servers, if the stack has resources that need it. */
  protected ssh(): ProxmoxProviderConfig["ssh"] {
    return undefined;
  }

  /** A variable under exactly this name; without `default` Terraform asks for it. */
  protected variable(name: string, props: VariableProps): TerraformVariable {
    return variable(this, name, props);
  }
}
