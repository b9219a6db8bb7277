import { defaultBackOff, seededRandom } from "../delivery/back-off.ts";
import { clientSender } from "../delivery/client-sender.ts";
import { systemClock } from "../delivery/clock.ts";
import { findInputs } from "../input/input.ts";
import { forward } from "../pipeline/forward.ts";
import type { Summary } from "../pipeline/summary.ts";
import { damageText } from "../pipeline/chunk-damage.ts";
import { damageCode } from "../state/damage.ts";
import { integrationNumber } from "../state/integration-number.ts";
import { defaultDropped, foldSettled } from "../state/fold-settled.ts";
import { IntegrationStore } from "../state/integration-store.ts";
import { defaultMaxFrameBytes } from "@tributary/adapter-kit";
import { defaultSentHorizon } from "../state/sent-ledger.ts";
import { sealedState } from "../state/sealed-state.ts";
import { openStateFile } from "../state/sqlite-state.ts";
import { lockState } from "../state/state-lock.ts";
import { statePath } from "../state/state-path.ts";
import { progressLine } from "../terminal/progress-line.ts";
import { printable } from "../terminal/table.ts";
import { adapterArguments, adapterHelp, checkAdapterNamed, chosenAdapter } from "./chosen-adapter.ts";
import { channelArguments, channelHelp, chosenChannel, credentialsHelp } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { stateKeys } from "./state-keys.ts";
import { exitCodeHelp, exitCodes } from "./exit-codes.ts";
import { printSummary } from "./print-summary.ts";
import { parseCommandLine, wholeNumber } from "./usage-error.ts";

const help = `tributary forward --adapter NAME --channel-arn ARN [options] FILE...|DIR|-

Ships the records of files, directories (sorted, recursive) or standard input to a CloudTrail Lake channel. gzip and
zstd are recognised. Nothing is lost or sent twice when it is stopped and run again: what is not delivered is kept in
the state. Without an input it only sends what is queued.

${adapterHelp}
${channelHelp}
  --resend                send again what was delivered with other bytes (after an adapter changed)
  --state DIR|FILE        default: $TRIBUTARY_STATE, else ~/.tributary; $TRIBUTARY_STATE_KEY seals it
  --concurrency N         most requests in flight, default 16; fewer where the server takes fewer
  --max-attempts N        attempts of one request, default ${defaultBackOff.maxAttempts}
  --max-record-bytes N    longest record that is read, default ${defaultMaxFrameBytes}; a longer one is a dead letter
  --remember-days N       forget what was sent so long after it was last sent or met, default 90
  --remember-events N     forget the oldest of what was sent beyond this number, default 50000000
  --pause-after N         stop after N records dead of one cause in a row, default 1000; 0: never
  --json                  the summary as one JSON object

${credentialsHelp}

Examples:
  tributary forward --adapter okta --channel-arn arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE okta/
  gunzip -c audit.ndjson.gz | tributary forward --adapter github --channel-arn arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE --json -

${exitCodeHelp}
`;

export const forwardCommand: Command = { help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...adapterArguments,
    ...channelArguments,
    resend: { type: "boolean" },
    state: { type: "string" },
    concurrency: { type: "string" },
    "max-attempts": { type: "string" },
    "pause-after": { type: "string" },
    "max-record-bytes": { type: "string" },
    "remember-days": { type: "string" },
    "remember-events": { type: "string" },
    json: { type: "boolean" },
  });
  checkAdapterNamed(values);
  const { channelArn, externalId, sender: to } = chosenChannel(values, io.env, systemClock.monotonic());
  const concurrency = wholeNumber("concurrency", values.concurrency, { min: 1, max: 64 });
  const maxAttempts = wholeNumber("max-attempts", values["max-attempts"], { min: 1, max: 100 });
  const pauseAfter = wholeNumber("pause-after", values["pause-after"], { min: 0, max: 999_999_999 });
  const maxFrameBytes = wholeNumber("max-record-bytes", values["max-record-bytes"], { min: 1000, max: 268_435_456 });
  const horizon = {
    days: wholeNumber("remember-days", values["remember-days"], { min: 1, max: 36_500 }) ?? defaultSentHorizon.days,
    rows:
      wholeNumber("remember-events", values["remember-events"], { min: 10_000, max: 4_000_000_000 }) ??
      defaultSentHorizon.rows,
  };
  const { adapter, builtIn, options, close } = await chosenAdapter(values);
  const inputs = await findInputs(positionals, io.stdin);
  const path = statePath(values.state, io.env);
  const unlock = lockState(path);
  try {
    const database = await sealedState(openStateFile(path), stateKeys(io.env), true);
    const sender = await clientSender(to);
    const progress = progressLine(io.stderr, () => performance.now());
    try {
      const summary = await forward({
        adapter,
        channelArn,
        externalId,
        store: new IntegrationStore(database, await integrationNumber(database, adapter.name, channelArn), horizon),
        sender,
        inputs,
        clock: systemClock,
        random: seededRandom(process.pid ^ Date.now()),
        format: values.format,
        adapterOptions: options,
        checkEvents: !builtIn,
        resend: values.resend,
        backOff: { ...defaultBackOff, maxAttempts: maxAttempts ?? defaultBackOff.maxAttempts },
        concurrency,
        pauseAfter,
        maxFrameBytes,
        onProgress: (tally, input) => progress.update(tally, input),
        onDamage: (damage) => io.stderr.write(`${printable(damageText(damage))}\n`),
        signal: io.signal,
      });
      progress.clear();
      if (values.json === true)
        io.stdout.write(`${JSON.stringify({ adapter: adapter.name, channelArn, ...summary })}\n`);
      else printSummary(summary, { adapter: adapter.name, channelArn }, io.stdout);
      const forgetting = { now: systemClock.now(), rememberDays: horizon.days, ...defaultDropped };
      // What a tributary run does beside its work. Where it fails now, the next run does it.
      try {
        while (!io.signal.aborted && (await foldSettled(database, forgetting)));
      } catch {
        // The records are safe, and all has been said.
      }
      return exitCodeOf(summary);
    } finally {
      sender.close();
      await database.close();
    }
  } finally {
    unlock();
    await close();
  }
}

export function exitCodeOf(summary: Summary): number {
  if (!summary.balanced) return exitCodes.internal;
  // Before all that the next run says again: this it does not.
  if ((summary.deadByCode[damageCode] ?? 0) > 0) return exitCodes.state;
  if (summary.stopped?.kind === "refused") return exitCodes.refused;
  if (summary.queued > 0 || summary.stopped !== undefined) return exitCodes.queued;
  if (summary.dead > 0 || summary.inputs.some((input) => input.error !== undefined)) return exitCodes.dead;
  return exitCodes.ok;
}
