import type { Severed } from "../history/operation.ts";
import type { Target } from "../target.ts";

/** Something that goes wrong, and how it is put right. */
export interface Fault {
  readonly name: string;
  /** In a sentence's middle: "the VIP's holder is switched off". */
  readonly title: string;
  /** Those paths are not held against the cluster until the heal. */
  readonly severs: Severed;
  /** Finds the node to strike, at run time: no fault assumes who holds the VIP. */
  aim(target: Target): Promise<string>;
  inject(target: Target, node: string): Promise<void>;
  /** Idempotent; right also when `inject` never ran or broke off half-way. */
  heal(target: Target, node: string): Promise<void>;
  /**
   * What puts the struck node right without anybody's help, as a shell's lines that may run at any time: for a dead man's switch
   * on the node itself. A fault without it can't be left to itself, so it is not for live machines.
   */
  readonly selfHeal?: (target: Target) => string;
}
