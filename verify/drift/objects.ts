import { Failure } from "@molly/site";
import { worst } from "../checks/verdict.ts";
import { compareClusters } from "../diff/kubernetes/compare-objects.ts";
import type { ObjectChange } from "../diff/model.ts";
import { shortened, visible } from "../diff/render/visible.ts";
import { below, foldersOf, type Tree } from "../diff/tree.ts";
import type { FieldChange } from "../diff/values/compare-values.ts";
import { counted } from "../diff/words.ts";
import type { Kubectl } from "../health/look.ts";
import type { RecordItem } from "../records/record.ts";
import { Unreached } from "./answer.ts";
import { readLive } from "./read-live.ts";
import { remarkedInRecord } from "./remarks.ts";

type Finding = RecordItem["findings"][number];

export interface DriftOfObjectsProps {
  readonly kubectl: Kubectl;
  /** The files below a site's folder. */
  readonly tree: Tree;
  readonly onFolder?: (name: string) => void;
  readonly signal?: AbortSignal;
}

/** Asks the API, folder by folder of `cluster/`, what a sync would change: an item of a record for each. Nothing is changed. */
export async function driftOfObjects({ kubectl, tree, onFolder, signal }: DriftOfObjectsProps): Promise<RecordItem[]> {
  const items: RecordItem[] = [];
  let silence: Unreached | undefined;
  for (const folder of foldersOf(below(tree, "cluster"))) {
    signal?.throwIfAborted();
    onFolder?.(folder);
    const head = {
      name: `objects-${folder}`,
      title: `The objects of cluster/${folder} are in the cluster, and as they are rendered.`,
    };
    const files = new Map([...tree].filter(([path]) => path.startsWith(`cluster/${folder}/`)));
    // Whoever does not answer is not asked for every folder.
    const found = silence ?? (await compare(files, kubectl));
    if (found instanceof Unreached) silence = found;
    items.push({ ...head, ...(found instanceof Failure ? unseen(folder, found.line) : judge(found)) });
  }
  return items;
}

interface Compared {
  readonly objects: number;
  readonly findings: readonly Finding[];
}

async function compare(files: Tree, kubectl: Kubectl): Promise<Compared | Failure> {
  try {
    const { before, after, remarks, objects } = await readLive(files, kubectl);
    const { pairs } = compareClusters(before, after);
    const findings = [
      ...pairs.map(({ change }): Finding => ({
        ...{ verdict: "violated", where: change.object, cause: tellChange(change) },
        remedy:
          "Flux brings it back at its next sync, unless it is suspended (check `flux`). Was it on purpose? Then put it into the site.",
      })),
      ...remarks.map((remark) => remarkedInRecord({ ...remark, cause: shown(remark.cause) })),
    ];
    return { objects, findings };
  } catch (failure) {
    if (failure instanceof Failure) return failure;
    throw failure;
  }
}

type Verdict = Omit<RecordItem, "name" | "title">;

const judge = ({ objects, findings }: Compared): Verdict => {
  const differing = new Set(findings.map(({ where }) => where)).size;
  return {
    judgement: worst(["ok", ...findings.map(({ verdict }) => verdict)]),
    summary:
      differing === 0
        ? `${counted(objects, "object is", "objects are")} as rendered.`
        : `${differing} of ${counted(objects, "object")} differ from what is rendered.`,
    findings: [...findings],
    figures: [{ name: "differing", value: differing, bound: 0 }],
  };
};

const unseen = (folder: string, cause: string): Verdict => ({
  ...{ judgement: "unknown", summary: "The API could not be asked.", figures: [] },
  findings: [
    { verdict: "unknown", where: `cluster/${folder}`, cause, remedy: "`./molly verify --target live` tells more." },
  ],
});

/** So many fields are told of one object; `./molly diff --live` tells all. */
const mostFields = 4;

function tellChange({ action, fields, folded }: ObjectChange): string {
  if (action === "added") return "is not in the cluster";
  const told = folded ?? fields.map(tellField);
  const left = told.length - mostFields;
  return `differs: ${told.slice(0, mostFields).map(shown).join("; ")}${left > 0 ? `; and ${left} more` : ""}`;
}

/** One field, live first. */
function tellField({ path, kind, before, after }: FieldChange): string {
  switch (kind) {
    case "added":
      return `${path} is missing, rendered ${after}`;
    case "removed":
      return `${path} is there, ${before}, and not rendered`;
    case "changed":
      return `${path} is ${before}, rendered ${after}`;
    case "moved":
      return `${path} is in another order`;
    case "text":
      return `${path} has other lines`;
  }
}

const shown = (text: string): string => shortened(visible(text), 200);
