import { destinationLabel } from "../terminal/destination-label.ts";
import { differencesOf } from "../state/differences-of.ts";
import type { FoldedEnds, RecordEnd } from "../state/record-end.ts";
import { RecordEnds } from "../state/record-ends.ts";
import type { StateDatabase } from "../state/state-database.ts";
import { stateReport } from "../state/state-report.ts";
import { group, printable, table } from "../terminal/table.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { openState } from "./open-state.ts";
import { timeOption } from "./time-option.ts";
import { parseCommandLine, usageError, wholeNumber } from "./usage-error.ts";

const help = `tributary ledger --sum [--json]
tributary ledger --event ID [--time T] [--integration NAME] [--json]
tributary ledger --record SOURCE@OFFSET [--integration NAME] [--json]
tributary ledger --since T [--until T] [--integration NAME] [--limit N] [--json]

Which end each record had, as far as the state remembers, also while a forwarder works on it:

  read = delivered + already delivered + changed + dead + dropped + queued

  --sum                   that equation for each integration, and whether it holds: records are counted when they are taken in,
                          and again by how they ended; dead ones are held against the dead letters, queued ones against the queue
  --event ID              the event with this id: when it was delivered and by which request, or why it was not. Without
                          --time, its eventTime, the ledger is looked through day by day
  --record SOURCE@OFFSET  the record that begins at this byte of a file (after decompression), as dlq ls names it
  --since T, --until T    what ended in this time: 2026-01-31T12:00:00Z, a date (UTC), or how long ago: 30m, 24h, 7d
  --limit N               lines of --since, default 100; 0: all
  --integration NAME      of this integration of tributary run alone
  --state PATH            default: $TRIBUTARY_STATE, else ~/.tributary
  --config FILE           the state that this configuration names
  --json                  one JSON object a line

Delivered events are remembered as long as limits.rememberDays and rememberEvents say; dropped records as limits.droppedDays and
droppedRecords say; dead and queued ones until they have another end. Of the other records of a chunk the counts are kept.

Examples:
  tributary ledger --sum
  tributary ledger --event 6f1c2a --integration okta
  tributary ledger --record audit.ndjson@1024
  tributary ledger --since 24h --limit 0 --json

Exit codes: 0; 1 when nothing is known of the event or the record; 2 for a wrong command line; 5 when the state cannot be read;
70 when the sum does not hold.
`;

export const ledgerCommand: Command = { help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    state: { type: "string" },
    config: { type: "string" },
    json: { type: "boolean" },
    sum: { type: "boolean" },
    event: { type: "string" },
    time: { type: "string" },
    record: { type: "string" },
    since: { type: "string" },
    until: { type: "string" },
    integration: { type: "string" },
    limit: { type: "string" },
  });
  if (positionals.length > 0) throw usageError("ledger takes no argument.");
  const asked = [values.sum, values.event, values.record, values.since].filter((one) => one !== undefined);
  if (asked.length !== 1) throw usageError("ledger takes one of --sum, --event, --record and --since.");
  if (values.time !== undefined && (values.event === undefined || Number.isNaN(Date.parse(values.time))))
    throw usageError("--time is the eventTime of --event: 2026-01-31T12:00:00Z.");
  const now = Date.now();
  const since = timeOption("since", values.since, now) ?? 0;
  const until = timeOption("until", values.until, now) ?? Number.MAX_SAFE_INTEGER;
  const place = values.record === undefined ? undefined : placeOf(values.record);
  const limit = wholeNumber("limit", values.limit, { min: 0, max: 999_999_999 }) ?? (values.json === true ? 0 : 100);
  const database = await openState(values, io);
  try {
    if (values.sum === true) return await sums(database, values.integration, values.json === true, io);
    const ends = new RecordEnds(database, values.integration);
    const progress = (days: number) => {
      if (io.stderr.isTTY === true) io.stderr.write(`\r\u001b[2K${group(days)} days looked through`);
    };
    if (values.event !== undefined)
      return await print(ends, ends.ofEvent(values.event, values.time, progress), { ...values, limit: 0 }, io);
    if (place !== undefined)
      return await print(ends, ends.ofPlace(place.source, place.offset), { ...values, limit: 0 }, io);
    await print(ends, ends.between(since, until), { ...values, limit }, io);
    return exitCodes.ok;
  } finally {
    await database.close();
  }
}

function placeOf(text: string): { readonly source: string; readonly offset: number } {
  const [, source, offset] = /^(.+)@(\d{1,15})$/.exec(text) ?? [];
  if (source === undefined) throw usageError(`--record takes SOURCE@OFFSET as dlq ls prints it, not ${text}.`);
  return { source, offset: Number(offset) };
}

async function sums(database: StateDatabase, name: string | undefined, json: boolean, io: Io): Promise<number> {
  const all = (await stateReport(database)).filter((one) => name === undefined || one.name === name);
  let allHold = true;
  for (const report of all) {
    const { name: integration, destination, counts, unmapped, taken, adapter, channelArn } = report;
    const differences = differencesOf(report);
    const holds = differences.length === 0;
    allHold &&= holds;
    if (json) {
      const about = { integration, destination, adapter, channelArn, taken, ...counts, unmapped, holds, differences };
      io.stdout.write(`${JSON.stringify(about)}\n`);
      continue;
    }
    const { delivered, already, changed, dead, dropped, queued } = counts;
    io.stdout.write(
      `${printable(`${destinationLabel(integration, destination)} (${adapter}) -> ${channelArn}`)}\n` +
        `  ${group(taken)} read = ${group(delivered)} delivered + ${group(already)} already delivered + ${group(changed)} changed + ` +
        `${group(dead)} dead + ${group(dropped)} dropped + ${group(queued)} queued: ${holds ? "holds" : "DOES NOT HOLD"}\n`,
    );
    if (unmapped > 0) io.stdout.write(`  and ${group(unmapped)} frames that are stored and not mapped yet\n`);
    for (const difference of differences) io.stdout.write(`  ${difference}\n`);
  }
  if (all.length === 0) (json ? io.stderr : io.stdout).write("Nothing was read yet.\n");
  return allHold ? exitCodes.ok : exitCodes.internal;
}

async function print(
  ends: RecordEnds,
  found: AsyncIterable<RecordEnd | FoldedEnds>,
  { json, limit }: { readonly json?: boolean | undefined; readonly limit: number },
  io: Io,
): Promise<number> {
  const rows: (readonly string[])[] = [];
  let count = 0;
  let more = false;
  for await (const one of found) {
    if (limit > 0 && count === limit) {
      more = true;
      break;
    }
    count++;
    if (json === true) io.stdout.write(`${JSON.stringify({ ...one, at: timeOf(one.at), folded: "counts" in one })}\n`);
    else rows.push("counts" in one ? foldedRow(one) : row(one));
  }
  if (io.stderr.isTTY === true) io.stderr.write("\r\u001b[2K");
  // Where JSON is asked for, what no object says goes beside them.
  const say = json === true ? io.stderr : io.stdout;
  if (rows.length > 0) io.stdout.write(table([["END", "AT", "INTEGRATION", "EVENT", "RECORD", ""], ...rows]));
  if (more) say.write("There are more: --limit 0 prints all.\n");
  if (json === true && count > 0) return exitCodes.ok;
  const day = await ends.horizon();
  const horizon =
    day === undefined
      ? "No delivered event is remembered."
      : `Delivered events are remembered from eventTime ${new Date(day * 86_400_000).toISOString().slice(0, 10)} on.`;
  say.write(`${count === 0 ? "The state knows nothing of it. " : ""}${horizon}\n`);
  return count === 0 ? exitCodes.dead : exitCodes.ok;
}

function row({ end, at, integration, adapter, eventId, source, offset, requestId, code, message }: RecordEnd) {
  const why =
    end === "delivered" ? (requestId === undefined ? "" : `request ${requestId}`) : `${code ?? ""} ${message ?? ""}`;
  const record = source === undefined ? "" : offset === undefined ? source : `${source}@${offset}`;
  return [
    words[end] ?? end,
    timeOf(at) ?? "-",
    integration || `forward (${adapter})`,
    eventId ?? "",
    record,
    why.trim(),
  ];
}

function foldedRow({ at, integration, adapter, source, from, to, counts }: FoldedEnds) {
  const ends = Object.entries(counts).filter(([, count]) => count > 0);
  const told = ends.map(([end, count]) => `${group(count)} ${words[end] ?? end}`).join(", ");
  return ["(counts)", timeOf(at) ?? "-", integration || `forward (${adapter})`, "", `${source}@${from}..${to}`, told];
}

const words: Readonly<Record<string, string>> = {
  delivered: "delivered",
  already: "already delivered",
  changed: "changed",
  dead: "dead",
  dropped: "dropped",
  queued: "queued",
};

const timeOf = (at: number | undefined): string | undefined =>
  at === undefined ? undefined : new Date(at).toISOString();
