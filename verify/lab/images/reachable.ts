import { oncePerKey } from "./once.ts";

/** Long enough for a slow line; short enough not to be felt where nothing answers. */
const patienceMs = 4000;

/** Whether a server answers at all, with whatever status. Asked once for each origin. */
export const reachable = (url: string): Promise<boolean> => answers(new URL(url).origin);

const answers = oncePerKey((origin: string) =>
  fetch(origin, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(patienceMs) }).then(
    () => true,
    () => false,
  ),
);
