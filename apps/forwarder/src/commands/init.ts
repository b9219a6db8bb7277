import { existsSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { builtInAdapters } from "../adapters/built-in.ts";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { startingFile } from "../config/starting-file.ts";
import { channelOf, checkEndpoint, checkExternalId } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary init [options] [FILE]

Writes a commented configuration of tributary run for one integration, tributary.yaml by default: every option of the adapter with
what it means, secrets as names of environment variables. On a terminal it asks for what no option says; nothing is sent.

  --adapter NAME     a name of tributary adapters, a package or a path
  --channel-arn ARN  arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID
  --external-id X    the external id of the channel's policy
  --endpoint URL     another server than AWS's, for instance your own lake
  --poll             ask the vendor's API; the default where the adapter can
  --webhook          receive what the vendor pushes; the default where the adapter cannot poll
  --files PATTERN    follow files; may be repeated
  --s3 PLACE         read objects of S3: s3://BUCKET/PREFIX, or the URL of an SQS queue
  --force            replace a file that is there
  --json             what was written, as one JSON object

Examples:
  tributary init
  tributary init --adapter okta --channel-arn arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE okta.yaml

Exit codes: 0, 2 for a wrong command line or a file that is there.
`;

export const initCommand: Command = {
  help,
  run,
};

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    adapter: { type: "string" },
    "channel-arn": { type: "string" },
    "external-id": { type: "string" },
    endpoint: { type: "string" },
    poll: { type: "boolean" },
    webhook: { type: "boolean" },
    files: { type: "string", multiple: true },
    s3: { type: "string" },
    force: { type: "boolean" },
    json: { type: "boolean" },
  });
  if (positionals.length > 1) throw usageError("init takes one file.");
  const file = positionals[0] ?? "tributary.yaml";
  if (existsSync(file) && values.force !== true) throw usageError(`${file} is there already; --force replaces it.`);
  const asked = await answers(values, io);
  const { adapter } = await loadAdapter(asked.adapter, process.cwd());
  const { files = [] } = values;
  const told = values.poll === true || values.webhook === true || files.length > 0 || values.s3 !== undefined;
  if (values.s3 !== undefined && !/^(s3|https?):\/\/[^\s?#]+$/.test(values.s3))
    throw usageError(`--s3 takes s3://BUCKET/PREFIX or the URL of an SQS queue, not ${values.s3}.`);
  const poll = told ? values.poll === true : adapter.poll !== undefined;
  const webhook = told ? values.webhook === true : adapter.poll === undefined && adapter.webhook !== undefined;
  if (poll && adapter.poll === undefined) throw usageError(`--poll: ${adapter.name} has no poller.`);
  if (webhook && adapter.webhook === undefined) throw usageError(`--webhook: ${adapter.name} has no receiver.`);
  const text = await startingFile({
    adapterName: asked.adapter,
    adapter,
    channelArn: channelOf(asked.channelArn).channelArn,
    externalId: checkExternalId(asked.externalId),
    endpoint: checkEndpoint(values.endpoint),
    poll,
    webhook,
    files: !told && !poll && !webhook ? ["logs/*"] : files,
    s3: values.s3,
  });
  writeFileSync(file, text, { mode: 0o600, flag: values.force === true ? "w" : "wx" });
  if (values.json === true) io.stdout.write(`${JSON.stringify({ file, adapter: asked.adapter, poll, webhook })}\n`);
  else io.stdout.write(`Wrote ${file}. Fill in what says CHANGE_ME, then: tributary check ${file}\n`);
  return exitCodes.ok;
}

interface Given {
  readonly adapter?: string | undefined;
  readonly "channel-arn"?: string | undefined;
  readonly "external-id"?: string | undefined;
}

/** What the options say; on a terminal, what a person answers to what they do not. */
async function answers(given: Given, { stdin, stdout }: Io) {
  const [adapter, channelArn] = [given.adapter, given["channel-arn"]];
  const externalId = given["external-id"];
  if (adapter !== undefined && channelArn !== undefined) return { adapter, channelArn, externalId };
  if (!("isTTY" in stdin && stdin.isTTY === true))
    throw usageError("Give --adapter and --channel-arn: without a terminal nothing can be asked.");
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    const names = Object.keys(builtInAdapters).join(", ");
    const ask = async (question: string) => (await lines.question(question)).trim();
    return {
      adapter: adapter ?? (await ask(`Adapter (${names}, a package or a path): `)),
      channelArn: channelArn ?? (await ask("ARN of the channel (tributary integration create makes one): ")),
      externalId: externalId ?? ((await ask("External id of its policy (empty for none): ")) || undefined),
    };
  } finally {
    lines.close();
  }
}
