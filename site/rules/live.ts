import { didYouMean } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import { healthCheckNames } from "../schema/health.ts";
import { repetitions, rule } from "./rule.ts";

const timeZone = rule(["maintenance"], ({ maintenance: { timeZone: value } }): Problem[] =>
  isTimeZone(value)
    ? []
    : [
        {
          path: "maintenance.timeZone",
          value,
          rule: "is no time zone of the IANA's database",
          remedy: "Write one like 'UTC' or 'Europe/Berlin'.",
        },
      ],
);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const startTimes = rule(["maintenance"], ({ maintenance: { windows } }) =>
  windows.flatMap(({ start }, index) =>
    /^([01]\d|2[0-3]):[0-5]\d$/.test(start)
      ? []
      : [
          {
            path: `maintenance.windows[${index}].start`,
            value: start,
            rule: "is no time of day",
            remedy: "Write hours and minutes, as '02:30'.",
          },
        ],
  ),
);

const dayMinutes = 24 * 60;

const durations = rule(["maintenance"], ({ maintenance: { windows } }) =>
  windows.flatMap(({ durationMinutes }, index) =>
    durationMinutes <= dayMinutes
      ? []
      : [
          {
            path: `maintenance.windows[${index}].durationMinutes`,
            value: durationMinutes,
            rule: "is more than a day",
            remedy: `Set it to at most ${dayMinutes}, and give each day a window of its own.`,
          },
        ],
  ),
);

const unknownChecks = rule(["health"], ({ health: { leaveOut } }) => {
  const known: readonly string[] = healthCheckNames;
  return leaveOut.flatMap(({ check }, index) =>
    known.includes(check)
      ? []
      : [
          {
            path: `health.leaveOut[${index}].check`,
            value: check,
            rule: "is no check of a live site",
            remedy: didYouMean(check, known, `Choose among: ${known.join(", ")}.`),
          },
        ],
  );
});

const leftOutTwice = rule(["health"], ({ health: { leaveOut } }) =>
  repetitions(leaveOut, ({ check }) => check).map(({ item }) => ({
    path: `health.leaveOut[${leaveOut.indexOf(item)}].check`,
    value: item.check,
    rule: "is left out twice",
    remedy: "Keep one of them, with the whole reason.",
  })),
);

/** A check that nobody remembers the reason for would stay away for good. */
const reasons = rule(["health"], ({ health: { leaveOut } }) =>
  leaveOut.flatMap(({ check, why }, index) =>
    why.trim() !== ""
      ? []
      : [
          {
            path: `health.leaveOut[${index}].why`,
            value: why,
            rule: "gives no reason",
            remedy: `Say why the check '${check}' is left out: every report tells it.`,
          },
        ],
  ),
);

const internetUrl = rule(["health"], ({ health: { internetUrl: value } }) =>
  URL.canParse(value) && /^https?:/.test(value)
    ? []
    : [
        {
          path: "health.internetUrl",
          value,
          rule: "is no URL that curl could ask",
          remedy: "Write one that begins with 'https://'.",
        },
      ],
);

/** What is demanded of the running site, and when it may be disturbed. */
export const liveRules = [unknownChecks, leftOutTwice, reasons, internetUrl, timeZone, startTimes, durations];
