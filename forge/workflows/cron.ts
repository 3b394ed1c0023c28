import { type Maintenance, weekdays } from "@molly/site";

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const dayMs = dayMinutes * 60_000;

/**
 * GitHub's schedules know UTC alone. The offsets of a zone are those of this year: a zone whose law changes asks for a new
 * rendering, and until then the job finds its window closed.
 */
const referenceYear = 2026;

/**
 * When a weekly run is to begin so that it falls into each maintenance window, in summer and in winter. Pure.
 *
 * Where a window is long enough for both, one time is taken; else a time for each offset: the one that meets the window
 * closed then does nothing.
 * @param neededMinutes how long the run may take
 */
export function windowCrons({ timeZone, windows }: Maintenance, neededMinutes: number): string[] {
  const offsets = offsetsOf(timeZone);
  const crons = windows.flatMap(({ weekday, start, durationMinutes }) => {
    const [hours = 0, minutes = 0] = start.split(":").map(Number);
    const local = weekdays.indexOf(weekday) * dayMinutes + hours * 60 + minutes;
    const [least = 0, most = 0] = [offsets[0], offsets.at(-1)];
    // The further east, the earlier in UTC: the last beginning lies in every window that is long enough.
    const isOneEnough = most - least + neededMinutes <= durationMinutes;
    return (isOneEnough ? [least] : offsets).map((offset) => cronOf(local - offset));
  });
  return [...new Set(crons)];
}

/** @param minute of the week in UTC, since Sunday began; of the week before or after, too */
function cronOf(minute: number): string {
  const within = ((minute % weekMinutes) + weekMinutes) % weekMinutes;
  return `${within % 60} ${Math.floor((within % dayMinutes) / 60)} * * ${Math.floor(within / dayMinutes)}`;
}

/** How far ahead of UTC a zone's clocks are over a year, in minutes, ascending. */
function offsetsOf(timeZone: string): number[] {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
    },
  });
  const offsets = new Set<number>();
  for (let t = Date.UTC(referenceYear, 0, 1); t < Date.UTC(referenceYear + 1, 0, 1); t += dayMs) {
    const part = Object.fromEntries(format.formatToParts(t).map(({ type, value }) => [type, Number(value)]));
    const local = Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"]);
    offsets.add((local - t) / 60_000);
  }
  return [...offsets].sort((a, b) => a - b);
}
