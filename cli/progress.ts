import type { Step, StepRunner } from "@molly/verify";
import { Listr, type ListrTask, PRESET_TIMER } from "listr2";

/** Shows steps while they run: each with what it says meanwhile, and the time it took. */
export const showSteps: StepRunner = async (steps, context) => {
  await new Listr(
    steps.map((step) => task(step, context)),
    {
      concurrent: false,
      // Listr would end the process by itself; cli/program.ts lets whoever started something end it first.
      registerSignalListeners: false,
      rendererOptions: { timer: PRESET_TIMER, collapseSubtasks: false, removeEmptyLines: false },
      fallbackRendererOptions: { timer: { ...PRESET_TIMER, condition: true } },
    },
  ).run();
};

const task = <Context>(step: Step<Context>, context: Context): ListrTask => ({
  title: step.title,
  task: (_, shown) =>
    step.run(context, (detail) => {
      shown.output = detail;
    }),
  rendererOptions: { persistentOutput: false },
});
