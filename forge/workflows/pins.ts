import { readFileSync } from "node:fs";
import { z } from "zod";

const Pin = z.strictObject({
  /** `owner/name` of the action's repository. */
  name: z.string(),
  tag: z.string().regex(/^v\d+\.\d+\.\d+$/),
  /** What the tag points to: a tag can be moved, a commit can't. */
  commit: z.string().regex(/^[0-9a-f]{40}$/),
  /** Where, and by what command, the commit was looked up. */
  seenIn: z.string(),
  seenBy: z.string(),
});

/** Every action that a workflow uses. All else is done by `./molly` and git. */
export const pins = z.array(Pin).parse(JSON.parse(readFileSync(new URL("./pins.json", import.meta.url), "utf8")));

/** @throws Error for an action that is not pinned */
export function action(name: string): string {
  const pin = pins.find((one) => one.name === name);
  if (pin === undefined) throw new Error(`The action '${name}' is not in forge/workflows/pins.json.`);
  return `${name}@${pin.commit}`;
}
