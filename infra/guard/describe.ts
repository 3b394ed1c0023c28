import type { Judgement, Refusal } from "./judge.ts";

/** The judgement for a person: why it is refused first, then what to do. */
export function describeJudgement({ verdict, refusals, approved, notices }: Judgement): string {
  return [
    headlines[verdict],
    ...refusals.flatMap(refused),
    ...approved.map(({ address, what }) => `  approved: ${address} ${what}.`),
    ...notices.map((notice) => `  note: ${notice}`),
    ...(verdict === "refused" ? [`To do it all the same, name each: ${refusals.map(approval).join(" ")}`] : []),
  ].join("\n");
}

const headlines: Readonly<Record<Judgement["verdict"], string>> = {
  allowed: "This plan destroys nothing that is protected without approval.",
  refused: "This plan is refused.",
  unknown:
    "This plan is made of errors: what Terraform could not find out, it may want to make anew. Plan again once its errors are cured.",
};

const refused = ({ address, what, remedy }: Refusal): string[] => [`  ${address} ${what}.`, `    do: ${remedy}`];

/** Quoted for a shell: an address may have brackets and quotation marks. */
const approval = ({ address }: Refusal): string => `--approve '${address}'`;
