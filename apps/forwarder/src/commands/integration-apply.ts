import { ConfigInvalid, problemLine } from "../config/config-invalid.ts";
import { declaredSchema } from "../control/declared-schema.ts";
import { loadDeclared } from "../control/load-declared.ts";
import { observe } from "../control/observed.ts";
import { stepsOf } from "../control/plan.ts";
import { planChanges } from "../control/plan-changes.ts";
import { planText } from "../control/plan-text.ts";
import { printable } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { controlArguments, lakeEndpoint, openControlPlane } from "./control-options.ts";
import { doneJson, doPlan } from "./do-plan.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

/** `tributary integration apply -f FILE` */
export async function integrationApply(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...controlArguments,
    file: { type: "string", short: "f" },
    plan: { type: "boolean" },
    prune: { type: "boolean" },
    schema: { type: "boolean" },
    yes: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (positionals.length > 0) throw usageError(`integration apply takes no argument ${positionals[0]}: say -f FILE.`);
  if (values.schema === true) {
    io.stdout.write(
      `${JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...forEditors() }, null, 2)}\n`,
    );
    return exitCodes.ok;
  }
  if (values.file === undefined) throw usageError("Say -f FILE: the declared integrations.");
  const json = values.json === true;
  const lakeOf = (ofFile: string | undefined) => lakeEndpoint({ endpoint: values.endpoint ?? ofFile }, io.env);
  let set;
  try {
    set = loadDeclared(values.file, lakeOf);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    if (json) io.stdout.write(`${JSON.stringify({ ok: false, problems: error.problems })}\n`);
    else for (const problem of error.problems) io.stderr.write(`${problemLine(problem)}\n`);
    return exitCodes.usage;
  }
  const endpoint = values.endpoint ?? set.endpoint;
  const control = await openControlPlane({ ...values, endpoint, region: values.region ?? set.region }, io);
  try {
    const observed = await observe(control, {
      channels: new Set(set.integrations.map(({ name }) => name)),
      tags: true,
    });
    const plan = planChanges(set, observed, {
      mark: set.set,
      change: true,
      prune: values.prune === true,
      manyOfSource: lakeOf(set.endpoint) !== undefined,
    });
    const told = { set: set.set, plan: plan.items, notes: plan.notes };
    if (values.plan === true) {
      io.stdout.write(
        json
          ? `${JSON.stringify({ ok: plan.problems.length === 0, ...told, problems: plan.problems })}\n`
          : printable(planText(plan)),
      );
      if (plan.problems.length > 0) return exitCodes.usage;
      return stepsOf(plan).length === 0 ? exitCodes.ok : exitCodes.differs;
    }
    const done = await doPlan(plan, control, io, { json, yes: values.yes === true });
    if (json) {
      const { channels, stores } = done.result ?? {};
      const arns = { channels: Object.fromEntries(channels ?? []), stores: Object.fromEntries(stores ?? []) };
      io.stdout.write(
        `${JSON.stringify({ ok: done.exitCode === exitCodes.ok, ...told, ...doneJson(plan, done), ...arns })}\n`,
      );
    }
    return done.exitCode;
  } finally {
    control.close();
  }
}

/** Members that have a default need not be written. */
function forEditors(): object {
  const { required: _required, ...schema } = declaredSchema;
  return JSON.parse(JSON.stringify(schema));
}
