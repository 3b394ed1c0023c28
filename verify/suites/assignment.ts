import { SiteSchema } from "@molly/site";
import { z } from "zod";

const Image = z.strictObject({ name: z.string(), archive: z.string() });

/**
 * What whoever starts vitest asks of the suites. Travels as JSON in the environment variable `MOLLY_VERIFY`: vitest
 * passes no arguments on to its files.
 */
const Assignment = z.strictObject({
  /** The site as rendered, with as many workers as the replica has. */
  site: SiteSchema,
  /** Where histories and results go. */
  folder: z.string(),
  /** Names of scenarios; those of every test when left out. */
  scenarios: z.array(z.string()).optional(),
  /** How the scenario `random` is run. */
  random: z.strictObject({ seed: z.number().exactOptional(), minutes: z.number().exactOptional() }).exactOptional(),
  /** What Ceph is made of, for scenarios in which pods share a CephFS volume. */
  ceph: z
    .strictObject({
      server: z.string(),
      client: Image,
      driver: z.union([z.strictObject({ plugin: Image, registrar: Image }), z.strictObject({ standIn: z.string() })]),
    })
    .exactOptional(),
  commit: z.string(),
  dirty: z.boolean(),
  /** The command that repeats the run. */
  rerun: z.string(),
});
export type Assignment = z.output<typeof Assignment>;

const variable = "MOLLY_VERIFY";

/** The environment for a vitest that shall run the suites. */
export const assignmentEnvironment = (assignment: Assignment): Record<string, string> => ({
  [variable]: JSON.stringify(assignment),
});

/** @throws Error when the suites were started by hand, without an assignment. */
export function readAssignment(environment: Readonly<Record<string, string | undefined>>): Assignment {
  const text = environment[variable];
  if (text === undefined)
    throw new Error(`${variable} is not set: run the suites with \`./molly verify\` or \`./molly test\`.`);
  return Assignment.parse(JSON.parse(text));
}
