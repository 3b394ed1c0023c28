import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure, messageOf } from "@molly/site";
import { z } from "zod";

/** What is sealed: a saved plan, and all that must still be so when it is applied. */
const SealedPlan = z.object({
  format: z.literal(1),
  site: z.string(),
  stack: z.string(),
  /** The commit that it was made of. */
  commit: z.string(),
  /** SHA-256 of the files that it depends on. */
  inputs: z.string(),
  /** Which state it is for; null: none yet. */
  state: z.object({ lineage: z.string(), serial: z.number() }).nullable(),
  /** See `Changes.digests`. */
  digests: z.record(z.string(), z.string()),
  /** What Terraform saved, in base64. */
  plan: z.base64(),
  lock: z.string().nullable(),
});
export type SealedPlan = z.output<typeof SealedPlan>;

/** The environment variable that holds the key: a secret that the planning and the applying environment share. */
export const keyVariable = "MOLLY_PLAN_KEY";

const shortestKey = 32;
const magic = Buffer.from("molly-plan-1\n");
const [ivLength, tagLength] = [12, 16];

/**
 * The key of plans: the environment's, or for one who plans and applies on one machine, a file that is made once.
 * @throws Failure when there is none where a file would be gone with the machine
 */
export async function planKey(env: NodeJS.ProcessEnv, file: string): Promise<Buffer> {
  const given = env[keyVariable];
  if (given !== undefined && given.length >= shortestKey) return createHash("sha256").update(given).digest();
  if (given || env["CI"])
    throw new Failure({
      what: given ? `${keyVariable} has fewer than ${shortestKey} characters.` : `${keyVariable} is not set.`,
      remedy: "Make one with `openssl rand -base64 32`, the same secret for planning and for applying.",
      badInput: true,
    });
  const known = await readFile(file, "utf8").catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure({
      what: `${file}, the key of plans, can't be read.`,
      seen: messageOf(cause),
      remedy: `Make it readable, or set ${keyVariable}.`,
      badInput: true,
      cause,
    });
  });
  const text = known ?? randomBytes(shortestKey).toString("base64");
  if (known === undefined) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
  }
  return createHash("sha256").update(text).digest();
}

/**
 * Encrypts and authenticates with AES-256-GCM: a saved plan holds secrets, and whoever may write an artifact must not be able to
 * have another one applied.
 */
export function seal(plan: SealedPlan, key: Buffer): Buffer {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(magic);
  const body = Buffer.concat([cipher.update(JSON.stringify(plan)), cipher.final()]);
  return Buffer.concat([magic, iv, cipher.getAuthTag(), body]);
}

/** @throws Failure unless it was sealed with this key, and no bit was changed since */
export function unseal(sealed: Buffer, key: Buffer, name: string): SealedPlan {
  try {
    if (!sealed.subarray(0, magic.length).equals(magic)) throw new Error("It is no sealed plan.");
    const rest = sealed.subarray(magic.length);
    const decipher = createDecipheriv("aes-256-gcm", key, rest.subarray(0, ivLength), { authTagLength: tagLength });
    decipher.setAAD(magic).setAuthTag(rest.subarray(ivLength, ivLength + tagLength));
    const text = Buffer.concat([decipher.update(rest.subarray(ivLength + tagLength)), decipher.final()]);
    return SealedPlan.parse(JSON.parse(text.toString()));
  } catch (cause) {
    throw new Failure({
      what: `${name} is not a plan that was made here: it was changed, or sealed with another key.`,
      remedy: "Plan again, and have that reviewed.",
      cause,
    });
  }
}
