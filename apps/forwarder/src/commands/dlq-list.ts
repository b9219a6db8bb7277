import type { DeadLetter, DeadLetters } from "../state/dead-letters.ts";
import type { LetterFilter } from "../state/letter-filter.ts";
import { destinationLabel } from "../terminal/destination-label.ts";
import { table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

/** `dlq ls`: as a table of at most `limit` letters, or as lines of JSON. @param limit 0: all */
export async function listLetters(
  letters: DeadLetters,
  filter: LetterFilter,
  { after, limit, json }: { readonly after: number; readonly limit: number; readonly json: boolean },
  io: Io,
): Promise<number> {
  const rows: (readonly string[])[] = [];
  let last = after;
  let count = 0;
  let more = false;
  for await (const letter of letters.all(filter, after)) {
    if (limit > 0 && count === limit) {
      more = true;
      break;
    }
    count++;
    last = letter.id;
    if (json) io.stdout.write(`${JSON.stringify(shown(letter))}\n`);
    else rows.push(row(letter));
  }
  if (json) {
    if (more) io.stderr.write(`There are more: --after ${last}.\n`);
    return exitCodes.ok;
  }
  if (rows.length === 0) io.stdout.write("No dead letters.\n");
  else io.stdout.write(table([["ID", "DIED", "INTEGRATION", "CODE", "PATH", "TRIES", "RECORD", "REASON"], ...rows]));
  if (more) io.stdout.write(`There are more: --after ${last}, or --limit 0 for all.\n`);
  return exitCodes.ok;
}

/** `dlq ls --summary`: how many there are of each integration and reason. */
export async function countLetters(letters: DeadLetters, filter: LetterFilter, json: boolean, io: Io): Promise<number> {
  const counts = await letters.counts(filter);
  if (json)
    for (const { first, last, ...count } of counts)
      io.stdout.write(`${JSON.stringify({ ...count, first: timeOf(first), last: timeOf(last) })}\n`);
  else if (counts.length === 0) io.stdout.write("No dead letters.\n");
  else
    io.stdout.write(
      table([
        ["INTEGRATION", "CODE", "DEAD", "TO BE REPLAYED", "FIRST", "LAST"],
        ...counts.map(({ integration, destination, adapter, code, count, asked, first, last }) => [
          integration === "" ? `forward (${adapter})` : destinationLabel(integration, destination),
          code,
          count,
          asked,
          timeOf(first) ?? "-",
          timeOf(last) ?? "-",
        ]),
      ]),
    );
  return exitCodes.ok;
}

/** A letter as JSON shows it: times as RFC 3339. */
export function shown({ at, asked, ...letter }: DeadLetter): object {
  return { ...letter, diedAt: timeOf(at), replayAskedAt: timeOf(asked) };
}

const row = ({
  id,
  at,
  integration,
  destination,
  adapter,
  code,
  path,
  attempts,
  source,
  offset,
  message,
  asked,
}: DeadLetter) => [
  String(id),
  timeOf(at)?.slice(0, 19) ?? "-",
  integration === "" ? `forward (${adapter})` : destinationLabel(integration, destination),
  code,
  path,
  String(attempts),
  `${source}@${offset}`,
  asked === undefined ? message : `(to be replayed) ${message}`,
];

function timeOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
