import { type Maintenance, weekdays } from "@molly/site";

/** Whether a site may be disturbed now. */
export type WindowState =
  | { readonly open: true; readonly minutesLeft: number }
  /** `opens`: when the next one does, in milliseconds since the epoch; none: there is no window. */
  | { readonly open: false; readonly opens?: number };

const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;
const minuteMs = 60_000;

/**
 * Whether a maintenance window is open, by the wall clocks of its time zone: what they say decides, also on the day on which they
 * are changed. Windows that touch are one. Pure.
 * @param now milliseconds since the epoch
 */
export function windowAt(maintenance: Maintenance, now: number): WindowState {
  if (maintenance.windows.length === 0) return { open: false };
  const minuteOf = clockIn(maintenance.timeZone);
  const isOpen = (t: number): boolean => maintenance.windows.some((window) => contains(window, minuteOf(t)));
  const change = firstChange(isOpen, now);
  if (isOpen(now))
    return { open: true, minutesLeft: Math.floor(((change ?? now + weekMinutes * minuteMs) - now) / minuteMs) };
  return { open: false, ...(change === undefined ? {} : { opens: change }) };
}

/** Where in the week a wall clock is: minutes since Sunday began. */
function clockIn(timeZone: string): (t: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone, weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  });
  return (t) => {
    const parts = new Map(format.formatToParts(t).map(({ type, value }) => [type, value]));
    const weekday = weekdays.indexOf((parts.get("weekday") ?? "").toLowerCase() as (typeof weekdays)[number]);
    return weekday * dayMinutes + Number(parts.get("hour")) * 60 + Number(parts.get("minute"));
  };
}

/** A window may reach into the next week. */
function contains({ weekday, start, durationMinutes }: Maintenance["windows"][number], minute: number): boolean {
  const [hours = 0, minutes = 0] = start.split(":").map(Number);
  const begin = weekdays.indexOf(weekday) * dayMinutes + hours * 60 + minutes;
  return (minute - begin + weekMinutes) % weekMinutes < durationMinutes;
}

/** The first minute that begins within eight days and differs from now; a week may be an hour longer where clocks change. */
function firstChange(isOpen: (t: number) => boolean, now: number): number | undefined {
  const before = isOpen(now);
  const first = Math.floor(now / minuteMs + 1) * minuteMs;
  for (let minute = 0; minute < weekMinutes + dayMinutes; minute++)
    if (isOpen(first + minute * minuteMs) !== before) return first + minute * minuteMs;
  return undefined;
}
