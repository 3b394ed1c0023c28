import type { Maintenance } from "@molly/site";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { windowAt } from "./window.ts";

const site = (windows: Maintenance["windows"], timeZone = "Europe/Berlin"): Maintenance => ({ timeZone, windows });
const sundayNight = { weekday: "sunday", start: "02:00", durationMinutes: 120 } as const;
const at = (text: string) => Date.parse(text);

describe("a window", () => {
  test.each([
    // Winter: Berlin is an hour ahead of UTC.
    ["2026-11-22T00:59:59Z", { open: false, opens: at("2026-11-22T01:00:00Z") }],
    ["2026-11-22T01:00:00Z", { open: true, minutesLeft: 120 }],
    ["2026-11-22T02:59:30Z", { open: true, minutesLeft: 0 }],
    ["2026-11-22T03:00:00Z", { open: false, opens: at("2026-11-29T01:00:00Z") }],
    // Summer: two hours.
    ["2026-07-05T00:00:00Z", { open: true, minutesLeft: 120 }],
    // The night in which clocks are set forward has no hour from two to three, the other has it twice.
    ["2026-03-29T01:00:00Z", { open: true, minutesLeft: 60 }],
    ["2026-10-25T00:00:00Z", { open: true, minutesLeft: 180 }],
  ])("at %s", (now, state) => {
    expect(windowAt(site([sundayNight]), at(now))).toEqual(state);
  });

  test("may reach into the next week, and touch another", () => {
    const late = { weekday: "saturday", start: "23:00", durationMinutes: 180 } as const;
    expect(windowAt(site([late], "UTC"), at("2026-11-22T01:30:00Z"))).toEqual({ open: true, minutesLeft: 30 });
    expect(windowAt(site([late, sundayNight], "UTC"), at("2026-11-22T01:30:00Z"))).toEqual({
      open: true,
      minutesLeft: 150,
    });
  });

  test("that does not exist never opens", () => {
    expect(windowAt(site([]), at("2026-11-22T01:30:00Z"))).toEqual({ open: false });
  });

  test("is open for as many minutes of any week as it lasts, where no clock is changed", () => {
    const start = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }));
    const week = at("2026-11-01T00:00:00Z");
    fc.assert(
      fc.property(
        fc.nat({ max: 6 }),
        start,
        fc.integer({ min: 1, max: 600 }),
        (day, [hours, minutes], durationMinutes) => {
          const text = `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
          const weekday = (["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const)[
            day
          ]!;
          const maintenance = site([{ weekday, start: text, durationMinutes }], "UTC");
          const begin = week + (day * 1440 + hours * 60 + minutes) * 60_000;
          const before = windowAt(maintenance, begin - 1);
          const first = windowAt(maintenance, begin);
          const after = windowAt(maintenance, begin + durationMinutes * 60_000);
          return (
            !before.open && before.opens === begin && first.open && first.minutesLeft === durationMinutes && !after.open
          );
        },
      ),
      { numRuns: 20 },
    );
  });
});
