import { readFileSync } from "node:fs";
import type { Json } from "@tributary/adapter-kit";
import { parseCloudTrailArn, TributaryError } from "@tributary/schema";
import { loadAdapter } from "../adapters/load-adapter.ts";
import { defaultBackOff, seededRandom } from "../delivery/back-off.ts";
import { clientSender } from "../delivery/client-sender.ts";
import { systemClock } from "../delivery/clock.ts";
import { findInputs } from "../input/input.ts";
import { forward } from "../pipeline/forward.ts";
import type { Summary } from "../pipeline/summary.ts";
import { integrationNumber, openStateFile, SqliteStore } from "../state/sqlite-store.ts";
import { lockState } from "../state/state-lock.ts";
import { statePath } from "../state/state-path.ts";
import { progressLine } from "../terminal/progress-line.ts";
import type { Command, Io } from "./command.ts";
import { exitCodeHelp, exitCodes } from "./exit-codes.ts";
import { printSummary } from "./print-summary.ts";
import { parseCommandLine, usageError, wholeNumber } from "./usage-error.ts";

const help = `tributary forward --adapter NAME --channel-arn ARN [options] FILE...|DIR|-

Ships the records of files, directories (sorted, recursive) or standard input to a CloudTrail Lake channel. gzip and
zstd are recognised. Nothing is lost or sent twice when it is stopped and run again: what is not delivered is kept in
the state. Without an input it only sends what is queued.

  --adapter NAME          okta, github, crowdstrike; a package installed here; or a path to one
  --channel-arn ARN       arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID
  --external-id X         the external id of the channel's policy
  --endpoint URL          another server than AWS's, for instance your own lake
  --region R              default: the channel's
  --format NAME           of the adapter; default: told by the first bytes
  --adapter-options FILE  JSON for the adapter (its README lists them)
  --keep RULE             do not drop by this rule of the adapter; may be repeated
  --resend                send again what was delivered with other bytes (after an adapter changed)
  --state DIR|FILE        default: $TRIBUTARY_STATE, else ~/.tributary
  --concurrency N         requests in flight, default 4
  --max-attempts N        attempts of one request, default ${defaultBackOff.maxAttempts}
  --pause-after N         stop after N records dead of one cause in a row, default 1000; 0: never
  --client NAME           auto (default), aws-sdk, built-in
  --json                  the summary as one JSON object

Credentials come from the AWS chain (environment, profile, SSO, role); never from the command line.

${exitCodeHelp}
`;

export const forwardCommand: Command = { name: "forward", summary: "ship records to a channel", help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    adapter: { type: "string" },
    "channel-arn": { type: "string" },
    "external-id": { type: "string" },
    endpoint: { type: "string" },
    region: { type: "string" },
    format: { type: "string" },
    "adapter-options": { type: "string" },
    keep: { type: "string", multiple: true },
    resend: { type: "boolean" },
    state: { type: "string" },
    concurrency: { type: "string" },
    "max-attempts": { type: "string" },
    "pause-after": { type: "string" },
    client: { type: "string" },
    json: { type: "boolean" },
  });
  if (values.adapter === undefined) throw usageError("--adapter is missing.");
  const { channelArn, region } = channelOf(values["channel-arn"]);
  const externalId = checkExternalId(values["external-id"]);
  const client = clientChoice(values.client);
  const concurrency = wholeNumber("concurrency", values.concurrency, { min: 1, max: 64 });
  const maxAttempts = wholeNumber("max-attempts", values["max-attempts"], { min: 1, max: 100 });
  const pauseAfter = wholeNumber("pause-after", values["pause-after"], { min: 0, max: 999_999_999 });
  const { adapter, builtIn } = await loadAdapter(values.adapter, process.cwd());
  if (values.format !== undefined && !Object.hasOwn(adapter.formats, values.format))
    throw usageError(`${adapter.name} has no format ${values.format}; it has ${Object.keys(adapter.formats).join(", ")}.`);
  const inputs = await findInputs(positionals, io.stdin);
  const path = statePath(values.state, io.env);
  const unlock = lockState(path);
  try {
    const database = openStateFile(path);
    const sender = await clientSender({ region: values.region ?? region, endpoint: values.endpoint, client });
    const progress = progressLine(io.stderr, () => performance.now());
    try {
      const summary = await forward({
        adapter,
        channelArn,
        externalId,
        store: new SqliteStore(database, integrationNumber(database, adapter.name, channelArn)),
        sender,
        inputs,
        clock: systemClock,
        random: seededRandom(process.pid ^ Date.now()),
        format: values.format,
        adapterOptions: adapterOptions(values["adapter-options"], values.keep, adapter.drops ?? {}),
        checkEvents: !builtIn,
        resend: values.resend,
        backOff: { ...defaultBackOff, maxAttempts: maxAttempts ?? defaultBackOff.maxAttempts },
        concurrency,
        pauseAfter,
        onProgress: (tally, input) => progress.update(tally, input),
        signal: io.signal,
      });
      progress.clear();
      if (values.json === true) io.stdout.write(`${JSON.stringify({ adapter: adapter.name, channelArn, ...summary })}\n`);
      else printSummary(summary, { adapter: adapter.name, channelArn }, io.stdout);
      return exitCodeOf(summary);
    } finally {
      sender.close();
      database.close();
    }
  } finally {
    unlock();
  }
}

export function exitCodeOf(summary: Summary): number {
  if (!summary.balanced) return exitCodes.internal;
  if (summary.stopped?.kind === "refused") return exitCodes.refused;
  if (summary.queued > 0 || summary.stopped !== undefined) return exitCodes.queued;
  if (summary.dead > 0 || summary.inputs.some((input) => input.error !== undefined)) return exitCodes.dead;
  return exitCodes.ok;
}

/** The channel and the region it is in; a wrong one is found before anything is read. */
export function channelOf(channelArn: string | undefined): { readonly channelArn: string; readonly region: string; readonly accountId: string } {
  if (channelArn === undefined) throw usageError("--channel-arn is missing.");
  const arn = parseCloudTrailArn(channelArn);
  if (arn?.type !== "channel") throw usageError(`--channel-arn takes arn:aws:cloudtrail:REGION:ACCOUNT:channel/ID, not ${channelArn}.`);
  return { channelArn, region: arn.region, accountId: arn.accountId };
}

/** Spec 1.1: 2 to 1224 of word characters and + = , . @ : / - */
export function checkExternalId(externalId: string | undefined): string | undefined {
  if (externalId !== undefined && !/^[\w+=,.@:/-]{2,1224}$/.test(externalId))
    throw usageError("--external-id takes 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -");
  return externalId;
}

export function clientChoice(choice: string | undefined): "auto" | "aws-sdk" | "built-in" | undefined {
  if (choice === undefined || choice === "auto" || choice === "aws-sdk" || choice === "built-in") return choice;
  throw usageError(`--client takes auto, aws-sdk or built-in, not ${choice}.`);
}

export function adapterOptions(file: string | undefined, keep: readonly string[] | undefined, drops: Readonly<Record<string, string>>): Json | undefined {
  for (const rule of keep ?? [])
    if (!Object.hasOwn(drops, rule)) throw usageError(`--keep ${rule}: the adapter has no such rule; it has ${Object.keys(drops).join(", ") || "none"}.`);
  const own = file === undefined ? {} : readOptions(file);
  if (keep === undefined) return file === undefined ? undefined : own;
  const given = typeof own["drops"] === "object" ? own["drops"] : {};
  return { ...own, drops: { ...given, ...Object.fromEntries(keep.map((rule) => [rule, false])) } };
}

function readOptions(file: string): Readonly<Record<string, Json>> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new TributaryError(`--adapter-options ${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { code: "USAGE", cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw usageError(`--adapter-options ${file}: not a JSON object.`);
  return value as Readonly<Record<string, Json>>;
}
