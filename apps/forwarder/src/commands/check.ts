import { ConfigInvalid, problemLine } from "../config/config-invalid.ts";
import { editorSchema } from "../config/editor-schema.ts";
import type { IntegrationPlan } from "../config/integration-plan.ts";
import { loadConfig } from "../config/load-config.ts";
import { table } from "../terminal/table.ts";
import type { Command } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary check [--json] [FILE]
tributary check --schema

Checks a configuration of tributary run, tributary.yaml by default, and sends nothing: adapters load, options fit, secrets
can be read, no two integrations share what only one may read, no webhook is without a secret. Prints what would run, or
every problem with file, line and column.

  --json    what would run, or the problems, as one JSON object
  --schema  prints the JSON Schema of the file, for editors

Examples:
  tributary check
  tributary check --schema > tributary.schema.json

Exit codes: 0 it can be run, 2 it cannot.
`;

export const checkCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, { json: { type: "boolean" }, schema: { type: "boolean" } });
    if (positionals.length > 1) throw usageError("check takes one file.");
    if (values.schema === true) {
      io.stdout.write(`${JSON.stringify(await editorSchema(), null, 2)}\n`);
      return exitCodes.ok;
    }
    try {
      const config = await loadConfig(positionals[0] ?? "tributary.yaml", io.env);
      const ways = config.integrations.flatMap(rows);
      if (values.json === true) io.stdout.write(`${JSON.stringify({ ok: true, integrations: ways })}\n`);
      else
        io.stdout.write(
          table([
            ["INTEGRATION", "ADAPTER", "SOURCES", "CHANNEL", "TO"],
            ...ways.map(({ name, destination, adapter, sources, channelArn, to }) => [
              destination === undefined ? name : `${name}/${destination}`,
              adapter,
              sources.join(", "),
              channelArn,
              to,
            ]),
          ]),
        );
      return exitCodes.ok;
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      if (values.json === true) io.stdout.write(`${JSON.stringify({ ok: false, problems: error.problems })}\n`);
      else for (const problem of error.problems) io.stderr.write(`${problemLine(problem)}\n`);
      return exitCodes.usage;
    }
  },
};

function rows({ name, adapter, destinations, poll, webhook, bulk, files, syslog, s3 }: IntegrationPlan) {
  const objects = s3 && (s3.queue === undefined ? `s3://${s3.bucket}/${s3.prefix}` : `s3 ${s3.queue}`);
  const sources = [
    poll && "poll",
    webhook && `webhook ${webhook.path}`,
    bulk && `bulk ${bulk.path}`,
    files && "files",
    syslog && "syslog",
    objects,
  ].filter((one) => one !== undefined);
  return destinations.map((to) => ({
    name,
    ...(to.name === "" ? {} : { destination: to.name }),
    adapter: adapter.name,
    sources,
    channelArn: to.arn,
    to: to.endpoint ?? `AWS ${to.region}`,
  }));
}
