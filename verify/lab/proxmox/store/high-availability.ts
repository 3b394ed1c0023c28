/** A service that the cluster keeps in a state, `vm:100`. */
export interface HaResource {
  readonly sid: string;
  /** What is asked for. */
  state: string;
  /** As given, defaults not filled in. */
  readonly options: Map<string, string>;
}

export interface HaRule {
  readonly rule: string;
  readonly type: string;
  readonly options: Map<string, string>;
}

/** The resources and rules of ha-manager. */
export class HighAvailability {
  readonly resources = new Map<string, HaResource>();
  readonly rules = new Map<string, HaRule>();

  /** Takes a resource out, also from the rules that name it; a rule that then names none goes too. */
  remove(sid: string): void {
    this.resources.delete(sid);
    for (const [name, { options }] of this.rules) {
      const left = (options.get("resources") ?? "").split(",").filter((resource) => resource !== sid);
      if (left.length === 0) this.rules.delete(name);
      else options.set("resources", left.join(","));
    }
  }
}

/** `100` and `vm:100` are the same service. */
export const serviceId = (text: string): string => (/^\d+$/.test(text) ? `vm:${text}` : text);
