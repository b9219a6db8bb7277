import { type CarriedOut, carryOut } from "../control/carry-out.ts";
import type { ControlPlane } from "../control/control-plane.ts";
import { IntegrationConflict } from "../control/integration-conflict.ts";
import { type Plan, stepsOf } from "../control/plan.ts";
import { planText } from "../control/plan-text.ts";
import { stepText } from "../control/step-text.ts";
import { printable } from "../terminal/table.ts";
import { systemClock } from "../delivery/clock.ts";
import { type Questions, questions } from "../terminal/questions.ts";
import type { Io } from "./command.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { usageError } from "./usage-error.ts";

export interface DoPlanOptions {
  /** Prints JSON alone; the caller prints it. */
  readonly json: boolean;
  /** Asks nothing. */
  readonly yes: boolean;
  /** An earlier conversation, where there was one. */
  readonly asked?: Questions | undefined;
}

export interface PlanDone {
  readonly exitCode: number;
  /** Undefined where a person said no, and for a plan with problems. */
  readonly result: CarriedOut | undefined;
}

/**
 * Shows a plan, asks, and does it. Throws `INTEGRATION_CONFLICT` for a plan with problems (with `json` the caller prints them), USAGE where it must ask and
 * cannot. What stopped it on the way is told with what was made.
 */
export async function doPlan(plan: Plan, control: ControlPlane, io: Io, options: DoPlanOptions): Promise<PlanDone> {
  const { json, yes } = options;
  const steps = stepsOf(plan);
  const say = (text: string): void => void (json || io.stderr.write(printable(text)));
  if (!json) io.stdout.write(printable(planText({ ...plan, problems: [] })));
  if (plan.problems.length > 0) {
    if (!json) throw new IntegrationConflict(plan.problems);
    return { exitCode: exitCodes.usage, result: undefined };
  }
  if (steps.length > 0 && !yes && !(await agreed(io, options))) {
    io.stderr.write("Nothing was changed.\n");
    return { exitCode: exitCodes.differs, result: undefined };
  }
  const result = await carryOut(plan, control, {
    signal: io.signal,
    clock: systemClock,
    onDone: (step) => say(`done: ${stepText(step)}\n`),
    onWait: (step, reason) => say(`waiting to ${stepText(step)}, three minutes at the most: ${reason}\n`),
  });
  const { stopped } = result;
  if (stopped === undefined) return { exitCode: exitCodes.ok, result };
  if (!json) {
    const left = stopped.left.map(stepText);
    const before = result.done.length === 0 ? "Nothing was changed." : "What was done stays.";
    const after = left.length === 0 ? "" : ` Not done: ${left.join(", ")}.`;
    io.stderr.write(
      printable(
        `tributary: could not ${stepText(stopped.at)}: ${stopped.error.message}\n${before}${after} Once that is mended, run the same command again: it goes on.\n`,
      ),
    );
  }
  return { exitCode: exitCodeOf(stopped.error.code), result };
}

async function agreed(io: Io, { json, asked }: DoPlanOptions): Promise<boolean> {
  const person = json ? undefined : (asked ?? questions(io));
  if (person === undefined)
    throw usageError("Say --yes to do it: without a terminal, and with --json, nothing can be asked.");
  try {
    return await person.confirm("Do it?");
  } finally {
    if (asked === undefined) person.close();
  }
}

/** What was done, or kept it from being done, for `--json`. */
export function doneJson({ problems }: Plan, { result }: PlanDone): Readonly<Record<string, unknown>> {
  if (result === undefined) return { done: [], problems };
  const { done, stopped } = result;
  return {
    done: done.map(stepText),
    ...(stopped !== undefined && {
      stopped: { at: stepText(stopped.at), code: stopped.error.code, message: stopped.error.message },
      left: stopped.left.map(stepText),
    }),
  };
}
