import { Failure } from "@molly/site";
import type { ResourceChange, StackChange } from "../model.ts";
import { compareValues, type FieldChange } from "../values/compare-values.ts";
import { Hidden, hideSecrets } from "../values/hidden.ts";
import { isToldByGuest, needsShutdown } from "./provider-facts.ts";
import type { Stack } from "./stack.ts";

interface PlannedChange {
  readonly address: string;
  readonly previous_address?: string;
  readonly mode?: string;
  readonly type: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before?: unknown;
    readonly after?: unknown;
    readonly after_unknown?: unknown;
    readonly before_sensitive?: unknown;
    readonly after_sensitive?: unknown;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: unknown;
  };
}

/** What `terraform show -json PLAN` prints, as far as it is used here. */
export interface Plan {
  readonly format_version: string;
  readonly resource_changes?: readonly PlannedChange[];
  readonly resource_drift?: readonly PlannedChange[];
  readonly output_changes?: Readonly<Record<string, PlannedChange["change"]>>;
  readonly configuration?: { readonly root_module?: { readonly resources?: readonly { readonly address: string }[] } };
  readonly errored?: boolean;
}

/** @throws Failure when it is no plan as JSON, or a plan that failed. */
export function parsePlan(text: string, file: string): Plan {
  const remedy = "Give it what `terraform show -json PLANFILE` prints.";
  let plan: unknown;
  try {
    plan = JSON.parse(text);
  } catch (cause) {
    // What the parser says of it would quote it.
    throw new Failure({ what: `${file} holds no plan as JSON.`, remedy, badInput: true, cause });
  }
  const isPlan = typeof plan === "object" && plan !== null && /^1\./.test(String((plan as Plan).format_version));
  if (!isPlan) throw new Failure({ what: `${file} holds no plan of format 1.`, remedy, badInput: true });
  if ((plan as Plan).errored)
    throw new Failure({ what: `The plan of ${file} broke off with an error.`, remedy: "Plan again.", badInput: true });
  return plan as Plan;
}

/** The resources that a plan's configuration names. */
export const addressesOf = ({ configuration }: Plan): Set<string> =>
  new Set(
    (configuration?.root_module?.resources ?? [])
      .map(({ address }) => address)
      .filter((one) => !one.startsWith("data.")),
  );

/** What Terraform said that it will do. The stack tells what a plan does not: who may be shut down. */
export function readPlan(name: string, plan: Plan, stack: Stack): StackChange {
  return {
    stack: name,
    source: "plan",
    resources: (plan.resource_changes ?? []).flatMap((change) => readChange(change, stack) ?? []),
    settings: Object.entries(plan.output_changes ?? {}).flatMap(([output, change]) =>
      change.actions.includes("no-op")
        ? []
        : compareValues(sides(change)[0], sides(change)[1], [{ key: `output ${output}` }]),
    ),
    drift: (plan.resource_drift ?? []).flatMap((change) => readDrift(change, stack) ?? []),
  };
}

function readChange({ address, previous_address: from, mode, type, change }: PlannedChange, { resources }: Stack) {
  if (mode === "data") return undefined;
  const action = actionOf(change, from);
  if (action === undefined) return undefined;
  const fields = action === "destroy" || action === "forget" ? [] : compareValues(...sides(change)).filter(isTold);
  const forcedBy = (change.replace_paths ?? []).map((path) => path.map(spell).join("").replace(/^\./, ""));
  const reboot = resources.get(address)?.config["reboot_after_update"];
  const stops =
    action === "update" && fields.some(({ path }) => needsShutdown(type, path.replaceAll(/\[[^\]]*\]/g, "")));
  return {
    ...{ address, action, forcedBy, fields, ignored: [], guarded: false },
    ...(from === undefined ? {} : { from }),
    ...(stops ? { shutdown: reboot === false ? "refused" : "done" } : {}),
  } satisfies ResourceChange as ResourceChange;
}

/** What only the guest agent tells is nobody's doing. */
function readDrift(drift: PlannedChange, stack: Stack): ResourceChange | undefined {
  const change = readChange(drift, stack);
  if (change?.action !== "update") return change;
  const fields = change.fields.filter(({ path }) => !isToldByGuest(drift.type, path));
  return fields.length === 0 ? undefined : { ...change, fields };
}

/** What was nothing and stays empty, or is given by the server, tells nobody anything; Terraform does not show it either. */
const isTold = ({ kind, before, after }: FieldChange): boolean =>
  !(kind === "added" || before === "null" || before === "[]") ||
  ![JSON.stringify(knownLater), '""', "[]", "null"].includes(after ?? "");

const knownLater = "(known after apply)";

const spell = (step: string | number): string => (typeof step === "number" ? `[${step}]` : `.${step}`);

function actionOf(
  { actions, importing }: PlannedChange["change"],
  from?: string,
): ResourceChange["action"] | undefined {
  const has = (action: string): boolean => actions.includes(action);
  if (has("create") && has("delete")) return "replace";
  if (has("create")) return "create";
  if (has("delete")) return "destroy";
  if (has("forget")) return "forget";
  if (has("update")) return "update";
  if (importing) return "import";
  return from === undefined ? undefined : "move";
}

/** Both sides without secrets, and with a word in place of what is not known yet. */
const sides = ({
  before,
  after,
  after_unknown: unknown,
  before_sensitive: old,
  after_sensitive: young,
}: PlannedChange["change"]) =>
  [hideSecrets(hidden(before ?? {}, old)), hideSecrets(hidden(withUnknown(after ?? {}, unknown), young))] as const;

/** Terraform marks a secret by `true` in a value of the same shape. */
function hidden(value: unknown, marks: unknown): unknown {
  if (marks === true) return new Hidden(value);
  if (Array.isArray(value)) return value.map((item, index) => hidden(item, (marks as unknown[] | undefined)?.[index]));
  if (typeof value !== "object" || value === null || value instanceof Hidden) return value;
  const inner = typeof marks === "object" && marks !== null ? (marks as Record<string, unknown>) : {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hidden(one, inner[key])]));
}

/** So, too, what is known only after the apply. */
function withUnknown(value: unknown, marks: unknown): unknown {
  if (marks === true) return knownLater;
  if (Array.isArray(marks)) {
    const items = Array.isArray(value) ? value : [];
    return marks.length > items.length || items.length > 0
      ? Array.from({ length: Math.max(items.length, marks.length) }, (_, index) =>
          withUnknown(items[index], marks[index]),
        )
      : items;
  }
  if (typeof marks !== "object" || marks === null) return value;
  const entries = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const news = Object.entries(marks).map(([key, mark]) => [key, withUnknown(entries[key], mark)] as const);
  return { ...entries, ...Object.fromEntries(news.filter(([, inner]) => inner !== undefined)) };
}
