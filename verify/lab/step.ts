/** One step of a long piece of work; whoever shows progress sees its title, what it says meanwhile, and how long it took. */
export interface Step<Context> {
  readonly title: string;
  run(context: Context, say: (detail: string) => void): Promise<void>;
}

/** Shows steps while they run. Implemented by the command line; tests pass a silent one. */
export type StepRunner = <Context>(steps: readonly Step<Context>[], context: Context) => Promise<void>;

/** Runs steps one after another without showing them. */
export const runSilently: StepRunner = async (steps, context) => {
  for (const step of steps) await step.run(context, () => undefined);
};
