import { randomBytes } from "node:crypto";
import { parseProperties, printProperties } from "./property-string.ts";

/** An option's value as Proxmox VE writes it into the configuration file. */
export function normalised(option: string, value: string): string {
  if (/^net\d+$/.test(option)) return networkDevice(value);
  if (option === "tags") return uniqueTags(value);
  // It is kept as a comment, whose end is trimmed when it is read.
  if (option === "description") return value.trimEnd();
  return value;
}

/** `model=virtio,macaddr=02:…` becomes `virtio=02:…`; without an address one of Proxmox's own range is drawn. */
function networkDevice(value: string): string {
  const { properties } = parseProperties(value);
  const model = properties.get("model");
  if (model === undefined) return value;
  const mac = properties.get("macaddr") ?? drawnMac();
  const rest = [...properties].filter(([name]) => !["model", "macaddr"].includes(name));
  return printProperties({ first: `${model}=${mac.toUpperCase()}`, properties: new Map(rest) });
}

/** BC:24:11 is Proxmox Server Solutions' own. */
const drawnMac = (): string => `BC:24:11:${(randomBytes(3).toString("hex").match(/../g) ?? []).join(":")}`;

/** Lower-case, once each, sorted: PVE::GuestHelpers::get_unique_tags. */
const uniqueTags = (value: string): string =>
  [
    ...new Set(
      value
        .toLowerCase()
        .split(/[;,\s]+/)
        .filter(Boolean),
    ),
  ]
    .sort()
    .join(";");
