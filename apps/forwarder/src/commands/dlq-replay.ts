import { loadConfig } from "../config/load-config.ts";
import { askReplay } from "../state/ask-replay.ts";
import type { DeadLetter } from "../state/dead-letters.ts";
import { DeadLetters } from "../state/dead-letters.ts";
import type { LetterFilter } from "../state/letter-filter.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { group } from "../terminal/table.ts";
import { type AdapterValues, chosenAdapter } from "./chosen-adapter.ts";
import type { Io } from "./command.ts";
import { type Rehearsing, rehearse } from "./dlq-rehearsal.ts";
import { exitCodes } from "./exit-codes.ts";
import { narrows } from "./letter-options.ts";
import { usageError } from "./usage-error.ts";

export interface ReplayValues extends AdapterValues {
  readonly all?: boolean | undefined;
  readonly "dry-run"?: boolean | undefined;
  readonly config?: string | undefined;
  readonly json?: boolean | undefined;
}

/** `dlq replay`: asks for letters, and leaves the rest to whoever delivers. */
export async function replayLetters(
  database: StateDatabase,
  filter: LetterFilter,
  values: ReplayValues,
  limit: number,
  io: Io,
): Promise<number> {
  if (!narrows(filter) && values.all !== true) throw usageError("Say which dead letters, or --all.");
  const json = values.json === true;
  if (values["dry-run"] === true) return rehearseWith(database, filter, values, { limit, json }, io);
  const asked = await askReplay(database, filter, Date.now());
  const letters = new DeadLetters(database);
  const waiting = (await letters.counts(filter)).reduce((sum, count) => sum + count.asked, 0);
  const damaged = await letters.damaged(filter);
  if (json) io.stdout.write(`${JSON.stringify({ asked, waiting, ...(damaged > 0 && { damaged }) })}\n`);
  else io.stdout.write(told(asked, waiting, damaged));
  return waiting === 0 && damaged > 0 ? exitCodes.dead : exitCodes.ok;
}

function told(asked: number, waiting: number, damaged: number): string {
  const left =
    damaged === 0
      ? ""
      : `${group(damaged)} dead letters cannot be put back: their bytes were damaged in the state. Read their source again, then tributary dlq discard.\n`;
  if (waiting === 0) return left === "" ? "No dead letters.\n" : left;
  const before = waiting > asked ? `, ${group(waiting - asked)} were asked for before` : "";
  return `${left}${group(asked)} dead letters will be put back into the queue${before}. A running forwarder does it within seconds; else the next tributary run, or tributary forward for letters of its own.\n`;
}

async function rehearseWith(
  database: StateDatabase,
  filter: LetterFilter,
  values: ReplayValues,
  shown: { readonly limit: number; readonly json: boolean },
  io: Io,
): Promise<number> {
  const letters = new DeadLetters(database);
  if (values.adapter !== undefined || values["adapter-command"] !== undefined) {
    const { close, ...chosen } = await chosenAdapter(values);
    try {
      return await rehearse(
        letters,
        filter,
        ({ adapter }) => (adapter === chosen.adapter.name ? chosen : undefined),
        shown,
        io,
      );
    } finally {
      await close();
    }
  }
  if (values.config === undefined)
    throw usageError("--dry-run maps by the adapter of today: name it as forward does, or --config FILE of run.");
  const { integrations } = await loadConfig(values.config, io.env);
  const of = (letter: DeadLetter): Rehearsing | undefined =>
    integrations.find(
      ({ name, adapter, destinations }) =>
        name === letter.integration &&
        adapter.name === letter.adapter &&
        destinations.some(({ arn }) => arn === letter.channelArn),
    );
  return rehearse(letters, filter, of, shown, io);
}
