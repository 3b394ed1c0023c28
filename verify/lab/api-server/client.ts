import { request } from "node:https";
import { Failure } from "@molly/site";

/** Where an API server listens on the loopback, who asks, and the certificate that it must show. */
export interface ApiAddress {
  readonly port: number;
  readonly token: string;
  /** PEM. */
  readonly ca: string;
}

/** An object as the API server gives it back. */
export interface Stored {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    /** Another after every change, to its status too. */
    readonly resourceVersion: string;
    /** Counts changes to what is wanted. */
    readonly generation?: number;
    /** Who wants which field, and since when. */
    readonly managedFields?: unknown;
  };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface ApiClient {
  /** @throws Failure when the answer is not 2xx. */
  get(path: string): Promise<unknown>;
  /**
   * Server-side apply, as Flux does it: in the manager's name, by force, refusing what the schema doesn't know.
   * @param manifest one object, in YAML or JSON
   * @throws Failure with what the API server said
   */
  apply(manifest: Manifest): Promise<Stored>;
  /** The object as it is stored now. */
  read(manifest: Manifest): Promise<Stored>;
}

/** An object's text and what its path is made of. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly text: string;
}

interface Resource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** @param fieldManager in whose name objects are applied; Flux's own unless told otherwise */
export function apiClient(address: ApiAddress, fieldManager = "kustomize-controller"): ApiClient {
  const ask = (path: string, options: { method?: string; body?: string } = {}): Promise<unknown> =>
    answer(address, path, options);

  const known = new Map<string, Resource>();
  /** Names in paths are plurals, which only the server knows. What it doesn't know yet is asked for again. */
  const resourceOf = async (group: string, kind: string): Promise<Resource> => {
    const key = `${group} ${kind}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const { resources } = (await ask(group)) as { resources: Resource[] };
    const resource = resources.find((one) => one.kind === kind && !one.name.includes("/"));
    if (resource === undefined)
      throw new Failure({ what: `The API server knows no ${kind} at ${group}.`, remedy: "Define it first." });
    known.set(key, resource);
    return resource;
  };
  const pathOf = async ({ apiVersion, kind, name, namespace }: Manifest): Promise<string> => {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const resource = await resourceOf(group, kind);
    const within = resource.namespaced ? `/namespaces/${namespace ?? "default"}` : "";
    return `${group}${within}/${resource.name}/${encodeURIComponent(name)}`;
  };
  return {
    get: ask,
    read: async (manifest) => (await ask(await pathOf(manifest))) as Stored,
    apply: async (manifest) => {
      const query = new URLSearchParams({ fieldManager, force: "true", fieldValidation: "Strict" });
      return (await ask(`${await pathOf(manifest)}?${query}`, { method: "PATCH", body: manifest.text })) as Stored;
    },
  };
}

function answer(
  { port, token, ca }: ApiAddress,
  path: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: string },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const headers = {
      Authorization: `Bearer ${token}`,
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/apply-patch+yaml" }),
    };
    const sent = request({ host: "127.0.0.1", port, path, method, headers, ca }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(parts).toString("utf8");
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) return resolve(parsed(text));
        const { message = text } = parsed(text) as { message?: string };
        reject(
          new Failure({
            what: `The API server refused ${method} ${path.replace(/\?.*/, "")}.`,
            seen: `${statusCode}: ${message}`,
            remedy: "Mend what it names.",
          }),
        );
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Health is told in plain words. */
function parsed(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return { message: text };
  }
}
