import { readFile } from "node:fs/promises";
import { request } from "node:https";
import { messageOf } from "@molly/site";

/** What an API server answered: its data, its refusal, or why there was no answer. */
export type Answer =
  { readonly data: unknown } | { readonly status: number; readonly reason: string } | { readonly silent: string };

/** Asks a server, by its address, for a path below /api2/json. Never throws. */
export type Ask = (address: string, path: string) => Promise<Answer>;

export interface ProxmoxApiProps {
  /** As user@realm!name=secret. */
  readonly token: string;
  /** Certificates that are trusted besides Node's own, as PEM. */
  readonly trusted?: string;
  readonly signal: AbortSignal;
  /** Default: Proxmox VE's own, 8006. */
  readonly port?: number;
}

/** A server that is well answers within milliseconds; one that is off would keep a person waiting for minutes. */
const timeoutMs = 10_000;

/** Proxmox VE's API, read only. */
export function proxmoxApi({ token, trusted, signal, port = 8006 }: ProxmoxApiProps): Ask {
  return (address, path) =>
    new Promise((resolve) => {
      const asked = request(
        {
          ...{ host: address, port, path: `/api2/json${path}`, timeout: timeoutMs, signal, agent: false },
          headers: { Authorization: `PVEAPIToken=${token}` },
          ...(trusted === undefined ? {} : { ca: trusted }),
        },
        (response) => {
          const { statusCode: status = 0, statusMessage: reason = "" } = response;
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("error", (error) => resolve({ silent: messageOf(error) }));
          response.on("end", () => resolve(status === 200 ? parsed(text) : { status, reason }));
        },
      );
      asked.on("timeout", () => asked.destroy(new Error(`no answer within ${timeoutMs / 1000} s`)));
      asked.on("error", (error) => resolve({ silent: messageOf(error) }));
      asked.end();
    });
}

function parsed(text: string): Answer {
  try {
    return { data: (JSON.parse(text) as { data: unknown }).data };
  } catch {
    return { silent: "what answers there is no API of Proxmox VE's" };
  }
}

/** The file of trusted certificates that Terraform reads, too. @throws Error when it is named and can't be read */
export const trustedByTerraform = async (path: string | undefined): Promise<string | undefined> =>
  path === undefined || path === "" ? undefined : readFile(path, "utf8");
