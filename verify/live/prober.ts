import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, firstControlPlane, type Site, workers } from "@molly/site";
import { start } from "../lab/process.ts";
import type { Prober, Target } from "../target.ts";

export interface LiveProberProps {
  readonly site: Site;
  /** Commands run on the machines through it. */
  readonly machines: Pick<Target, "stream">;
  /** With embedded certificates, in the form that kubeadm writes. */
  readonly kubeconfig: string;
  /** A private folder, for the CA's certificate. */
  readonly folder: string;
}

/**
 * A client's place for a live site. What goes to the API comes from this machine, which must be in the site's network or have a
 * route to it; ARP, which does not leave a network segment, is asked from the first worker, by a program that is sent along.
 * @throws Failure when the kubeconfig is not one
 */
export async function liveProber({ site, machines, kubeconfig, folder }: LiveProberProps): Promise<Prober> {
  const { name: node } = workers(site)[0] ?? firstControlPlane(site);
  const probes = fileURLToPath(new URL("../probes", import.meta.url));
  const ca = join(folder, "ca.crt");
  await writeFile(ca, caIn(await readFile(kubeconfig, "utf8"), kubeconfig));
  return {
    node,
    files: { probes, ca, kubeconfig },
    stream: async ([program = "", file = "", ...words], onLine) => {
      if (program === "python3") {
        const source = await readFile(file, "utf8");
        return machines.stream(node, ["python3", "-I", "-c", source, ...words], onLine);
      }
      const running = start(process.execPath, [file, ...words], { onLine, detached: true });
      return {
        ended: running.ended,
        stop: async () => {
          running.kill();
          await running.ended;
        },
      };
    },
  };
}

function caIn(text: string, path: string): Buffer {
  const missing = ["certificate-authority-data", "client-certificate-data", "client-key-data"].filter(
    (key) => !text.includes(`${key}:`),
  );
  const encoded = /^\s*certificate-authority-data: (\S+)$/m.exec(text)?.[1];
  if (missing.length === 0 && encoded !== undefined) return Buffer.from(encoded, "base64");
  throw new Failure({
    what: `${path} has no ${missing.join(", ")}.`,
    remedy:
      "The probes need a kubeconfig with embedded certificates: `kubeadm kubeconfig user --client-name molly-verify` makes one.",
    badInput: true,
  });
}
