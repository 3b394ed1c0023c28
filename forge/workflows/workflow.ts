import { stringify } from "yaml";
import { pins } from "./pins.ts";

/** A workflow of GitHub's, as far as Molly's use it. */
export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  /** What every job may do unless it says otherwise: nothing. */
  readonly permissions: Permissions;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export type Permissions = Readonly<Record<string, "read" | "write">>;

interface Concurrency {
  readonly "group": string;
  readonly "cancel-in-progress": boolean;
}

export interface Job {
  readonly "name"?: string;
  readonly "needs"?: readonly string[];
  readonly "if"?: string;
  readonly "runs-on": string | readonly string[];
  readonly "environment"?: string;
  readonly "permissions": Permissions;
  readonly "concurrency"?: Concurrency;
  readonly "timeout-minutes": number;
  readonly "outputs"?: Readonly<Record<string, string>>;
  readonly "steps": readonly Step[];
}

export interface Step {
  readonly "name": string;
  readonly "id"?: string;
  readonly "if"?: string;
  readonly "env"?: Readonly<Record<string, string>>;
  readonly "uses"?: string;
  readonly "with"?: Readonly<Record<string, string>>;
  readonly "continue-on-error"?: boolean;
  readonly "run"?: string;
}

/** Its text. Behind each pinned commit stands the release that it is. Pure. */
export const workflowText = (workflow: Workflow): string =>
  pins.reduce(
    (text, { name, tag, commit }) => text.replaceAll(`${name}@${commit}`, `${name}@${commit} # ${tag}`),
    stringify(workflow, { lineWidth: 0 }),
  );
