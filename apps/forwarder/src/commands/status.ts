import { type Backfill, Backfills } from "../state/backfills.ts";
import { damageCode } from "../state/damage.ts";
import { differencesOf } from "../state/differences-of.ts";
import { type IntegrationReport, stateReport } from "../state/state-report.ts";
import { destinationLabel } from "../terminal/destination-label.ts";
import { group, printable, table } from "../terminal/table.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { openState } from "./open-state.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary status [--state DIR|FILE | --config FILE] [--json]

What the state says of each integration and destination, also while tributary run works on it: how every record ended and dead
ones by their reason; how many were delivered a second in the last five minutes; the queue and when its oldest record was received;
how old the poller's cursor and the newest delivered event are; what is parked, why and since when; how far back it is known what
was delivered; backfills under way; the size of the state. Records are counted after they were split:

  read = delivered + already delivered + changed + dead + dropped + queued

  --state PATH   default: $TRIBUTARY_STATE, else ~/.tributary
  --config FILE  the state that this configuration names
  --json         one JSON object a line; without counts where an integration has nothing but a backfill so far

Examples:
  tributary status
  tributary status --config tributary.yaml --json

Exit codes: 0, 2 for a wrong command line, 5 when the state cannot be read.
`;

export const statusCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, {
      state: { type: "string" },
      config: { type: "string" },
      json: { type: "boolean" },
    });
    if (positionals.length > 0) throw usageError("status takes no argument.");
    const now = Date.now();
    const database = await openState(values, io);
    try {
      const reports = await stateReport(database, now);
      const backfills = (await new Backfills(database).all()).filter(isUnfinished);
      const sizeBytes = await database.size();
      if (values.json === true)
        for (const line of lines(reports, backfills, sizeBytes, now)) io.stdout.write(`${JSON.stringify(line)}\n`);
      else {
        for (const report of reports) io.stdout.write(shown(report, now));
        for (const backfill of backfills) io.stdout.write(underWay(backfill));
        io.stdout.write(`The state takes ${group(Math.ceil(sizeBytes / 1_000_000))} MB.\n`);
      }
    } finally {
      await database.close();
    }
    return exitCodes.ok;
  },
};

/** An object for each integration and destination, and for each integration that has nothing but backfills so far. */
function lines(
  reports: readonly IntegrationReport[],
  backfills: readonly Backfill[],
  stateBytes: number,
  now: number,
): readonly object[] {
  const of = (one: string) => backfills.filter(({ name }) => name === one);
  const names = new Set(reports.map(({ name }) => name));
  const others = new Set(backfills.flatMap(({ name }) => (names.has(name) ? [] : [name])));
  return [
    ...reports.map((report) => {
      const differences = differencesOf(report);
      const holds = differences.length === 0;
      return { ...report, ...ages(report, now), holds, differences, backfills: of(report.name), stateBytes };
    }),
    ...[...others].map((name) => ({ name, backfills: of(name), stateBytes })),
  ];
}

const isUnfinished = ({ state }: Backfill): boolean => state === "asked" || state === "running";

function underWay({ id, name, state, since, files, pages, frames }: Backfill): string {
  const what = since === "" ? files.join(", ") : `since ${since}`;
  return (
    printable(`backfill ${id} of ${name}, ${what}: ${state}, ${group(frames)} records in ${group(pages)} pages`) + "\n"
  );
}

function ages({ pageAt, newestDelivered, oldestQueued }: IntegrationReport, now: number) {
  return {
    cursorAgeSeconds: pageAt === undefined ? undefined : Math.round((now - pageAt) / 1000),
    lagSeconds: newestDelivered === undefined ? undefined : Math.max(0, Math.round(now / 1000 - newestDelivered)),
    oldestQueuedSeconds:
      oldestQueued === undefined ? undefined : Math.max(0, Math.round((now - Date.parse(oldestQueued)) / 1000)),
  };
}

function shown(report: IntegrationReport, now: number): string {
  const { counts, unmapped, troubles, holder, asked, deadByCode, deliveredPerSecond, remembered } = report;
  const { cursorAgeSeconds, lagSeconds, oldestQueuedSeconds } = ages(report, now);
  const rows: (readonly [string, number | string])[] = [
    ["read", counts.read],
    ["= delivered", counts.delivered],
    ["+ already delivered", counts.already],
    ["+ changed", counts.changed],
    ["+ dead", counts.dead],
    ["+ dropped", counts.dropped],
    ["+ queued", counts.queued],
  ];
  if (unmapped > 0) rows.push(["stored, not mapped yet", unmapped]);
  for (const [code, count] of Object.entries(deadByCode)) rows.push([`dead of ${code}`, count]);
  if (asked > 0) rows.push(["of them to be replayed", asked]);
  rows.push(["delivered a second, last 5 minutes", String(deliveredPerSecond)]);
  if (holder !== undefined)
    rows.push([
      "held by",
      `${holder.name} since ${new Date(holder.since).toISOString()}, heard of ${holder.seenSecondsAgo} s ago`,
    ]);
  if (oldestQueuedSeconds !== undefined) rows.push(["oldest queued record, received s ago", oldestQueuedSeconds]);
  if (cursorAgeSeconds !== undefined) rows.push(["cursor age, s", cursorAgeSeconds]);
  if (lagSeconds !== undefined) rows.push(["newest delivered event, age, s", lagSeconds]);
  if (remembered.since !== undefined)
    rows.push([
      "delivered events remembered",
      `${group(remembered.events)}, of ${new Date(remembered.since * 86_400_000).toISOString().slice(0, 10)} and later`,
    ]);
  const told = troubles.map(({ part, code, message, at, over }) => {
    const since = new Date(at).toISOString();
    const until = over === undefined ? "" : `, over since ${new Date(over).toISOString()}`;
    return `  ${printable(`${part}: ${code} at ${since}${until}: ${message}`)}\n`;
  });
  const lost = deadByCode[damageCode] ?? 0;
  const damage =
    lost === 0
      ? ""
      : `  THE STATE WAS DAMAGED: ${group(lost)} records are lost unless their source still has them. Check the disk; tributary dlq ls --reason ${damageCode}\n`;
  const wrong = differencesOf(report).map(
    (difference) => `  The sum does not hold: ${difference}. Please report it.\n`,
  );
  const name = destinationLabel(report.name, report.destination);
  const numbers = table(
    rows.map(([label, value]) => [label, typeof value === "number" ? group(value) : value]),
    "  ",
  );
  const head = printable(`${name} (${report.adapter}) -> ${report.channelArn}`);
  return `${head}\n${numbers}${damage}${told.join("")}${wrong.join("")}`;
}
