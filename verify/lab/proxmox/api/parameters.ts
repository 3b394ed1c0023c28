import { wrongParameters } from "../store/api-error.ts";

/** The parameters of a request, from its query and its form. A name that comes twice is a list, joined by commas. */
export class Parameters {
  private readonly values: ReadonlyMap<string, string>;

  constructor(...sources: readonly URLSearchParams[]) {
    const values = new Map<string, string>();
    for (const source of sources)
      for (const [name, value] of source) {
        const before = values.get(name);
        values.set(name, before === undefined ? value : `${before},${value}`);
      }
    this.values = values;
  }

  get(name: string): string | undefined {
    return this.values.get(name);
  }

  /** @throws ApiError when it is missing */
  need(name: string): string {
    const value = this.values.get(name);
    if (value === undefined) throw wrongParameters({ [name]: "property is missing and it is not optional" });
    return value;
  }

  /** Whether it is set and true, in any of the spellings that Proxmox VE takes. */
  flag(name: string): boolean {
    return /^(1|on|yes|true)$/i.test(this.values.get(name) ?? "");
  }

  list(name: string): string[] {
    return (this.values.get(name) ?? "").split(/[,;\s]+/).filter(Boolean);
  }

  names(): string[] {
    return [...this.values.keys()];
  }

  /** All but some, as they stand in a configuration file. */
  except(...names: readonly string[]): Record<string, string> {
    return Object.fromEntries([...this.values].filter(([name]) => !names.includes(name)));
  }

  /** @throws ApiError naming every parameter that the method does not know */
  refuseOthers(known: readonly (string | ((name: string) => boolean))[]): void {
    const unknown = this.names().filter(
      (name) => !known.some((one) => (typeof one === "string" ? one === name : one(name))),
    );
    if (unknown.length > 0)
      throw wrongParameters(
        Object.fromEntries(
          unknown.map((name) => [
            name,
            "property is not defined in schema and the schema does not allow additional properties",
          ]),
        ),
      );
  }
}
