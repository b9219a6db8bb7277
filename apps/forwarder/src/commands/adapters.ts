import type { Adapter } from "@tributary/adapter-kit";
import { builtInAdapters } from "../adapters/built-in.ts";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { table } from "../terminal/table.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary adapters [--json]

Lists the adapters that come with the forwarder: name, source of the channel, formats of files, whether it can ask the vendor's
API (poll) or receive what the vendor pushes (webhook), and the rules by which it drops records.

  --json  one JSON array

Examples:
  tributary adapters
  tributary adapters --json

Exit codes: 0, 2 for a wrong command line.
`;

export const adaptersCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, { json: { type: "boolean" } });
    if (positionals.length > 0) throw usageError("adapters takes no argument.");
    const rows = [];
    for (const name of Object.keys(builtInAdapters))
      rows.push(describe((await loadAdapter(name, process.cwd())).adapter));
    if (values.json === true) io.stdout.write(`${JSON.stringify(rows)}\n`);
    else
      io.stdout.write(
        table([
          ["NAME", "SOURCE", "FORMATS", "ALSO BY", "DROPS", ""],
          ...rows.map((row) => [
            row.name,
            row.source,
            row.formats.join(", "),
            [row.poll ? "poll" : "", row.webhook ? "webhook" : ""].filter((one) => one !== "").join(", ") || "files",
            Object.keys(row.drops).join(", ") || "nothing",
            `${row.displayName}${row.experimental === undefined ? "" : " (experimental)"}`,
          ]),
        ]),
      );
    return exitCodes.ok;
  },
};

function describe(adapter: Adapter) {
  const { name, source, displayName, experimental, formats, drops, poll, webhook } = adapter;
  return {
    name,
    source,
    displayName,
    ...(experimental !== undefined && { experimental }),
    formats: Object.keys(formats),
    drops: drops ?? {},
    poll: poll !== undefined,
    webhook: webhook !== undefined,
  };
}
