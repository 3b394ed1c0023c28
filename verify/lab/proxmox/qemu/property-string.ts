/** `vm:vm-100-disk-0,discard=on,size=64G`: what stands first may have no name. */
export interface PropertyString {
  readonly first: string | undefined;
  readonly properties: ReadonlyMap<string, string>;
}

export function parseProperties(text: string): PropertyString {
  let first: string | undefined;
  const properties = new Map<string, string>();
  for (const [index, part] of text.split(",").entries()) {
    const separator = part.indexOf("=");
    if (separator === -1) {
      if (index === 0) first = part;
      continue;
    }
    properties.set(part.slice(0, separator), part.slice(separator + 1));
  }
  return { first, properties };
}

/** The same of a drive, whose volume may also stand under its name: `file=vm:0,…`. */
export function parseDrive(text: string): PropertyString {
  const { first, properties } = parseProperties(text);
  const rest = new Map(properties);
  rest.delete("file");
  return { first: first ?? properties.get("file"), properties: rest };
}

/** Sorted by name, as Proxmox VE prints them. */
export function printProperties({ first, properties }: PropertyString): string {
  const rest = [...properties].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  return [...(first === undefined ? [] : [first]), ...rest].join(",");
}

const units: Readonly<Record<string, number>> = { "": 1, "K": 2 ** 10, "M": 2 ** 20, "G": 2 ** 30, "T": 2 ** 40 };

/** Bytes of `64G`, `10240M`, or a plain number; undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)([KMGT]?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Math.floor(Number(number) * (units[unit] ?? 1));
}

/** In the largest unit that leaves a whole number, up to G as Proxmox VE does. */
export function printSize(bytes: number): string {
  for (const unit of ["G", "M", "K"])
    if (bytes % (units[unit] ?? 1) === 0) return `${bytes / (units[unit] ?? 1)}${unit}`;
  return String(bytes);
}
