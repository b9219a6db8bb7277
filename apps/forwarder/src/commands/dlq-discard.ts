import { hostname, userInfo } from "node:os";
import { DeadLetters } from "../state/dead-letters.ts";
import { discardLetters } from "../state/discard-letters.ts";
import type { LetterFilter } from "../state/letter-filter.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { group, table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { confirmed } from "./confirmed.ts";
import { exitCodes } from "./exit-codes.ts";
import { narrows } from "./letter-options.ts";
import { usageError } from "./usage-error.ts";

/** `dlq discard`: shows what is meant, asks, and drops it by the rule `discarded`. */
export async function discard(
  database: StateDatabase,
  filter: LetterFilter,
  values: {
    readonly all?: boolean | undefined;
    readonly yes?: boolean | undefined;
    readonly note?: string | undefined;
    readonly json?: boolean | undefined;
  },
  io: Io,
): Promise<number> {
  if (!narrows(filter) && values.all !== true) throw usageError("Say which dead letters, or --all.");
  if ((values.note ?? "").length > 500) throw usageError("--note takes 500 characters.");
  const json = values.json === true;
  const counts = await new DeadLetters(database).counts(filter);
  const meant = counts.reduce((sum, { count, asked }) => sum + count - asked, 0);
  if (meant > 0 && values.yes !== true) {
    io.stderr.write(
      table([
        ["INTEGRATION", "CODE", "DEAD"],
        ...counts.map(({ integration, adapter, code, count }) => [integration || `forward (${adapter})`, code, count]),
      ]),
    );
    if (!(await confirmed(`Discard ${group(meant)} dead letters and their original bytes for good?`, io))) {
      io.stderr.write("Nothing was discarded.\n");
      return exitCodes.usage;
    }
  }
  const now = Date.now();
  const note = values.note === undefined ? "" : ` (${values.note})`;
  const told = `Discarded by ${userName()} on ${hostname()} at ${new Date(now).toISOString()}${note}.`;
  const count = meant === 0 ? 0 : await discardLetters(database, filter, told, now);
  if (json) io.stdout.write(`${JSON.stringify({ discarded: count })}\n`);
  else io.stdout.write(count === 0 ? "No dead letters.\n" : `${group(count)} dead letters are discarded.\n`);
  return exitCodes.ok;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user may have no name.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
