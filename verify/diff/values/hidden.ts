import { isSecretName } from "./secret-name.ts";
import { tellHidden } from "./secret-text.ts";

/** A value that may be compared and never shown: nothing that serialises or prints it finds it. */
export class Hidden {
  readonly #value: string;
  readonly #told: string;

  constructor(value: unknown) {
    this.#value = JSON.stringify(value);
    this.#told = tellHidden(value);
  }

  equals(other: Hidden): boolean {
    return this.#value === other.#value;
  }

  toJSON(): string {
    return this.#told;
  }

  toString(): string {
    return this.#told;
  }
}

/** `kubectl apply` keeps the whole object in it, a Secret's data too. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

type Entries = Readonly<Record<string, unknown>>;

/** A copy in which what is named like a secret is {@link Hidden}. */
export function hideSecrets(value: unknown, name = ""): unknown {
  if (value instanceof Hidden) return value;
  if (Array.isArray(value)) return value.map((item) => hideSecrets(item, name));
  if (typeof value === "object" && value !== null) return hideEntries(value as Entries);
  // A reference of Terraform's tells where the secret comes from.
  if (typeof value !== "string" || value === "" || /^\$\{[^}]*\}$/.test(value)) return value;
  return isSecretName(name) ? new Hidden(value) : value;
}

function hideEntries(entries: Entries): unknown {
  // Whatever a Secret of Kubernetes holds is one, also in a list or a template.
  const isSecret = entries["kind"] === "Secret";
  const named = entries["name"] ?? entries["key"];
  return Object.fromEntries(
    Object.entries(entries).map(([key, value]) => {
      if (key === lastApplied || (isSecret && (key === "data" || key === "stringData"))) return [key, hideAll(value)];
      // `{name: DB_PASSWORD, value: …}`
      return [key, hideSecrets(value, key === "value" && typeof named === "string" ? named : key)];
    }),
  );
}

const hideAll = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, new Hidden(inner)]))
    : new Hidden(value);
