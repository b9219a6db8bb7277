import { destinationLabel } from "../terminal/destination-label.ts";
import { type IntegrationReport, stateReport } from "../state/state-report.ts";
import { group, printable, table } from "../terminal/table.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { openState } from "./open-state.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary status [--state DIR|FILE | --config FILE] [--json]

What the state says of each integration, also while tributary run works on it: how every record ended, how old the poller's
cursor and the newest delivered event are, and the last thing that stopped a part of it. Records are counted after they were split:

  read = delivered + already delivered + changed + dead + dropped + queued

  --state PATH   default: $TRIBUTARY_STATE, else ~/.tributary
  --config FILE  the state that this configuration names
  --json         one JSON object a line

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
    const database = await openState(values, io);
    let reports: readonly IntegrationReport[];
    try {
      reports = await stateReport(database);
    } finally {
      await database.close();
    }
    const now = Date.now();
    if (values.json === true)
      for (const report of reports) io.stdout.write(`${JSON.stringify({ ...report, ...ages(report, now) })}\n`);
    else for (const report of reports) io.stdout.write(shown(report, now));
    return exitCodes.ok;
  },
};

function ages({ pageAt, newestDelivered }: IntegrationReport, now: number) {
  return {
    cursorAgeSeconds: pageAt === undefined ? undefined : Math.round((now - pageAt) / 1000),
    lagSeconds: newestDelivered === undefined ? undefined : Math.max(0, Math.round(now / 1000 - newestDelivered)),
  };
}

function shown(report: IntegrationReport, now: number): string {
  const { counts, unmapped, troubles, holder } = report;
  const { cursorAgeSeconds, lagSeconds } = ages(report, now);
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
  if (holder !== undefined)
    rows.push([
      "held by",
      `${holder.name} since ${new Date(holder.since).toISOString()}, heard of ${holder.seenSecondsAgo} s ago`,
    ]);
  if (cursorAgeSeconds !== undefined) rows.push(["cursor age, s", cursorAgeSeconds]);
  if (lagSeconds !== undefined) rows.push(["newest delivered event, age, s", lagSeconds]);
  const told = troubles.map(({ part, code, message, at, over }) => {
    const since = new Date(at).toISOString();
    const until = over === undefined ? "" : `, over since ${new Date(over).toISOString()}`;
    return `  ${printable(`${part}: ${code} at ${since}${until}: ${message}`)}\n`;
  });
  const name = destinationLabel(report.name, report.destination);
  const numbers = table(
    rows.map(([label, value]) => [label, typeof value === "number" ? group(value) : value]),
    "  ",
  );
  return `${printable(`${name} (${report.adapter}) -> ${report.channelArn}`)}\n${numbers}${told.join("")}`;
}
