import { z } from "zod";

/** From Sunday on, as `Date.getDay` counts them. */
export const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;

const Window = z.strictObject({
  weekday: z.enum(weekdays),
  /** What the clock on the wall says when it opens: `02:30`. */
  start: z.string(),
  /** It may last beyond midnight. */
  durationMinutes: z.number().int().positive(),
});

/** When the live site may be disturbed on purpose. Without a window, never. */
export const Maintenance = z.strictObject({
  /** As the IANA's database names it: `Europe/Berlin`. */
  timeZone: z.string().default("UTC"),
  windows: z.array(Window).default([]),
});
