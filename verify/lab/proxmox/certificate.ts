import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../process.ts";
import type { Certificate } from "./server.ts";

/**
 * A certificate of its own signing for some names and addresses, as Proxmox VE has until it is given another. Valid a
 * day: it is made anew with every replica. Whoever calls must be told to trust it.
 */
export async function selfSigned(names: readonly string[]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "molly-certificate-"));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
  try {
    await run("openssl", [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"],
      ...["-subj", "/CN=Molly's replica of Proxmox VE", "-addext", `subjectAltName=${subject}`],
      ...["-keyout", key, "-out", cert],
    ]);
    return { cert: await readFile(cert, "utf8"), key: await readFile(key, "utf8") };
  } finally {
    await rm(folder, { recursive: true });
  }
}
