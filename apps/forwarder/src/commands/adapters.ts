import type { Adapter } from "@tributary/adapter-kit";
import { builtInAdapters } from "../adapters/built-in.ts";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { table } from "../terminal/table.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary adapters [--json]

Lists the adapters that come with the forwarder: name, source of the channel, formats, and the rules by which each drops
records.
`;

export const adaptersCommand: Command = {
  name: "adapters",
  summary: "list the built-in adapters",
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
          ["NAME", "SOURCE", "FORMATS", "DROPS", ""],
          ...rows.map((row) => [
            row.name,
            row.source,
            row.formats.join(", "),
            Object.keys(row.drops).join(", ") || "nothing",
            row.displayName,
          ]),
        ]),
      );
    return exitCodes.ok;
  },
};

function describe(adapter: Adapter) {
  const { name, source, displayName, formats, drops, poll, webhook } = adapter;
  return {
    name,
    source,
    displayName,
    formats: Object.keys(formats),
    drops: drops ?? {},
    poll: poll !== undefined,
    webhook: webhook !== undefined,
  };
}
