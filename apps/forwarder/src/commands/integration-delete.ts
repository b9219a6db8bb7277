import { planDeletion } from "../control/plan-deletion.ts";
import type { Io } from "./command.ts";
import { controlArguments, openControlPlane } from "./control-options.ts";
import { doneJson, doPlan } from "./do-plan.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

/** `tributary integration delete [NAME]` */
export async function integrationDelete(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...controlArguments,
    "with-stores": { type: "boolean" },
    store: { type: "string", multiple: true },
    yes: { type: "boolean" },
    json: { type: "boolean" },
  });
  const { store: stores = [], "with-stores": withStores = false } = values;
  if (positionals.length > 1 || (positionals.length === 0 && (stores.length === 0 || withStores)))
    throw usageError("integration delete takes the name, ARN or id of one channel, or --store alone.");
  const [json, yes] = [values.json === true, values.yes === true];
  const control = await openControlPlane(values, io);
  try {
    const plan = await planDeletion({ channel: positionals[0], withStores, stores }, control);
    const done = await doPlan(plan, control, io, { json, yes });
    if (json)
      io.stdout.write(
        `${JSON.stringify({ ok: done.exitCode === exitCodes.ok, plan: plan.items, ...doneJson(plan, done) })}\n`,
      );
    else if (done.result?.stopped?.left.some(({ kind }) => kind !== "deleteChannel") === true && positionals.length > 0)
      io.stderr.write("Where the channel is deleted already, go on with: tributary integration delete --store NAME\n");
    return done.exitCode;
  } finally {
    control.close();
  }
}
