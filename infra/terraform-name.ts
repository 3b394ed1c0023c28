import type { TerraformElement } from "cdktf";

/** A host name may begin with a digit, a Terraform name may not; no host name begins with an underscore. */
export const terraformName = (hostName: string): string => (/^[a-z]/.test(hostName) ? hostName : `_${hostName}`);

/**
 * Gives the element its construct's own name in Terraform, without the hash that cdktf appends: the state is keyed by
 * this name, so it must survive a refactoring of the constructs.
 */
export function keepName<Element extends TerraformElement>(element: Element, name: string): Element {
  element.overrideLogicalId(name);
  return element;
}

/** A person's text as Terraform takes it literally: `${` and `%{` would begin a template. */
export const terraformText = (text: string): string => text.replaceAll(/([$%])\{/g, "$1$1{");
