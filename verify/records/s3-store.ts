import { Failure, reasonOf } from "@molly/site";
import { readAs } from "./folder-store.ts";
import { recordName, recordText, type RunRecord } from "./record.ts";
import { type S3Credentials, signed } from "./s3-signature.ts";
import type { RecordStore } from "./store.ts";

export interface S3StoreProps {
  readonly bucket: string;
  /** Of every key, without a slash at its end; "" for none. */
  readonly prefix: string;
  /** Variables that Amazon's own tools know too: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, `AWS_ENDPOINT_URL_S3`, … */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Service {
  readonly credentials: S3Credentials;
  readonly region: string;
  /** Without a slash at its end. */
  readonly endpoint: string;
}

const timeoutMs = 15_000;
/** Records that are read at the same time. */
const atOnce = 16;

/**
 * A bucket of Amazon S3, or of whatever speaks its protocol, such as Ceph's gateway: a folder for each site, an object for each
 * run. Each run has a key of its own, so runs that end together don't meet.
 */
export class S3Store implements RecordStore {
  readonly description: string;
  readonly #props: S3StoreProps;

  constructor(props: S3StoreProps) {
    this.#props = props;
    this.description = `s3://${[props.bucket, props.prefix].filter(Boolean).join("/")}`;
  }

  async add(record: RunRecord): Promise<void> {
    await this.#ask("PUT", this.#key(record.site, recordName(record)), {}, recordText(record));
  }

  async all(site: string): Promise<RunRecord[]> {
    const keys = (await this.#keys(this.#key(site, ""))).filter((key) => key.endsWith(".json")).sort();
    const records: RunRecord[] = [];
    for (let place = 0; place < keys.length; place += atOnce)
      records.push(
        ...(await Promise.all(
          keys
            .slice(place, place + atOnce)
            .map(async (key) => readAs(`s3://${this.#props.bucket}/${key}`, await this.#ask("GET", key, {}))),
        )),
      );
    return records;
  }

  async #keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    // A thousand an answer.
    do {
      const from: Record<string, string> = token === undefined ? {} : { "continuation-token": token };
      const page = await this.#ask("GET", "", { "list-type": "2", prefix, ...from });
      keys.push(...valuesOf(page, "Key"));
      [token] = valuesOf(page, "NextContinuationToken");
    } while (token !== undefined);
    return keys;
  }

  #key(site: string, name: string): string {
    return [this.#props.prefix, site, name].filter((part, place) => place > 0 || part !== "").join("/");
  }

  /** @returns the answer's body @throws Failure */
  async #ask(method: "GET" | "PUT", key: string, query: Record<string, string>, body?: string): Promise<string> {
    const { credentials, region, endpoint } = serviceIn(this.#props.environment);
    const url = new URL(`${endpoint}/${this.#props.bucket}/${key}`);
    url.search = new URLSearchParams(query).toString();
    const request = { method, url, ...(body === undefined ? {} : { body }) };
    const headers = signed(request, credentials, region, new Date());
    const settings = { method, headers, ...(body === undefined ? {} : { body }) };
    const refused = (seen: string, cause?: unknown): Failure =>
      new Failure({
        what: `${this.description} can't be ${method === "PUT" ? "written to" : "read"}.`,
        seen: `${url.origin}: ${seen}`,
        remedy:
          "May this account list, read and write there (s3:ListBucket, GetObject, PutObject)? Is the region right?",
        cause,
      });
    let response: Response;
    try {
      response = await fetch(url, { ...settings, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      throw refused(reasonOf(error), error);
    }
    const text = await response.text();
    if (response.ok) return text;
    throw refused([response.status, ...valuesOf(text, "Code"), ...valuesOf(text, "Message")].join(" "));
  }
}

/** @throws Failure that names everything that is missing */
function serviceIn(environment: S3StoreProps["environment"]): Service {
  const of = (name: string): string | undefined => environment[name] || undefined;
  const [accessKeyId, secretAccessKey] = [of("AWS_ACCESS_KEY_ID"), of("AWS_SECRET_ACCESS_KEY")];
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new Failure({
      what: "Nobody said who asks for the bucket.",
      seen: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].filter((name) => !of(name)).join(", ") + " not set",
      remedy: "Set both, and AWS_SESSION_TOKEN where the credentials are lent. Files and profiles are not read.",
      badInput: true,
    });
  const region = of("AWS_REGION") ?? of("AWS_DEFAULT_REGION") ?? "us-east-1";
  const endpoint = of("AWS_ENDPOINT_URL_S3") ?? of("AWS_ENDPOINT_URL") ?? `https://s3.${region}.amazonaws.com`;
  const sessionToken = of("AWS_SESSION_TOKEN");
  return {
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region,
    endpoint: endpoint.replace(/\/+$/, ""),
  };
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** What an answer in XML has between all tags of a name. The protocol's answers have no attributes there and no CDATA. */
const valuesOf = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, "g"))].map(([, text = ""]) =>
    text.replaceAll(/&(amp|lt|gt|quot|apos|#(\d+)|#x([\da-f]+));/gi, (_whole, name: string, decimal, hex) =>
      decimal || hex ? String.fromCodePoint(decimal ? Number(decimal) : parseInt(hex, 16)) : (entities[name] ?? ""),
    ),
  );
