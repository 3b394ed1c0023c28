import type { Workshop } from "./workshop.ts";

/** Where an image is pulled from: its upstream registry, or the mirror that keeps it under its full name. */
export const pullReference = ({ registry }: Pick<Workshop, "registry">, name: string): string =>
  registry === undefined ? name : `${registry}/${name}`;

/** URL of the registry's API. As in the engine, one on the loopback may do without TLS. */
export function registryUrl(reference: string): string {
  const host = reference.split("/")[0] ?? "";
  const name = host === "docker.io" ? "registry-1.docker.io" : host;
  return `${/^(localhost|127\.|\[::1\])/.test(name) ? "http" : "https"}://${name}/v2/`;
}
