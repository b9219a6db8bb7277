import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { checkAuditEvent, TributaryError } from "@tributary/schema";
import { defaultBackOff, seededRandom } from "../delivery/back-off.ts";
import { clientSender } from "../delivery/client-sender.ts";
import { systemClock } from "../delivery/clock.ts";
import { Courier, type Outcome } from "../delivery/courier.ts";
import { type Parcel, parcel } from "../delivery/parcel.ts";
import { printable } from "../terminal/table.ts";
import { channelArguments, chosenChannel } from "./channel-options.ts";
import type { Command, Io } from "./command.ts";
import { exitCodeHelp, exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary put --channel-arn ARN --event-data JSON|FILE|- [options]

Sends one event as it is, without an adapter, and prints the answer.

  --event-data JSON|FILE|-  the eventData: text that begins with {, a file, or standard input; a file's last newline is left out
  --id ID                   default: derived from the event's bytes, so that a second put is the same event
  --json                    the answer as one JSON object
  --external-id X, --endpoint URL, --region R, --fips, --dual-stack, --ca FILE, --client NAME: see tributary forward --help

Examples:
  tributary put --channel-arn arn:aws:cloudtrail:us-east-1:111122223333:channel/EXAMPLE --event-data event.json

${exitCodeHelp}
`;

export const putCommand: Command = { help, run };

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...channelArguments,
    "event-data": { type: "string" },
    id: { type: "string" },
    json: { type: "boolean" },
  });
  if (positionals.length > 0)
    throw usageError(`put takes no argument ${positionals[0]}; the event goes to --event-data.`);
  const chosen = chosenChannel(values, io.env, systemClock.monotonic());
  const { channelArn, accountId, externalId } = chosen;
  const eventData = await readEvent(values["event-data"], io);
  const id = values.id ?? createHash("sha256").update(eventData).digest("base64url");
  if (!/^[-_A-Za-z0-9]{1,128}$/.test(id)) throw usageError("--id takes 1 to 128 of A-Z a-z 0-9 - _");
  const { problems } = checkAuditEvent({ eventData }, { profile: "server", accountId, now: Date.now() });
  if (problems.length > 0) {
    for (const { code, path, message } of problems)
      io.stderr.write(`${printable(`${code} ${path || "(event)"}: ${message}`)}\n`);
    if (values.json === true) io.stdout.write(`${JSON.stringify({ id, kind: "dead", ...problems[0], problems })}\n`);
    io.stderr.write("Nothing was sent.\n");
    return exitCodes.dead;
  }
  const sender = await clientSender(chosen.sender);
  let outcome: Outcome<Parcel> | undefined;
  const courier = new Courier<Parcel>({
    sender,
    channelArn,
    externalId,
    clock: systemClock,
    random: seededRandom(process.pid ^ Date.now()),
    backOff: defaultBackOff,
    onSettled: (outcomes) => (outcome = outcomes[0] ?? outcome),
  });
  const interrupt = () => courier.stop({ kind: "interrupted", code: "INTERRUPTED", message: "Stopped by a signal." });
  io.signal.addEventListener("abort", interrupt, { once: true });
  try {
    const made = parcel(id, eventData, undefined);
    if (!courier.fits(made)) throw new TributaryError("The event is over the size of a request.", { code: "USAGE" });
    courier.add(made);
    await courier.drain();
  } finally {
    io.signal.removeEventListener("abort", interrupt);
    sender.close();
  }
  return report(id, outcome, courier.stopped, values.json === true, io);
}

function report(
  id: string,
  outcome: Outcome<Parcel> | undefined,
  stopped: Courier<Parcel>["stopped"],
  json: boolean,
  io: Io,
): number {
  const verdict = outcome?.verdict;
  if (json)
    io.stdout.write(
      `${JSON.stringify({ id, ...(verdict ?? { kind: "queued" }), ...(stopped === undefined ? {} : { stopped }) })}\n`,
    );
  else if (verdict?.kind === "delivered")
    io.stdout.write(`delivered  id ${id}  eventID ${printable(verdict.eventID)}\n`);
  else if (verdict?.kind === "dead") io.stderr.write(`refused: ${printable(`${verdict.code}: ${verdict.message}`)}\n`);
  else
    io.stderr.write(
      `not delivered: ${printable(stopped === undefined ? "attempts used up" : `${stopped.code}: ${stopped.message}`)}\n`,
    );
  if (verdict?.kind === "delivered") return exitCodes.ok;
  if (verdict?.kind === "dead") return exitCodes.dead;
  return stopped?.kind === "refused" ? exitCodes.refused : exitCodes.queued;
}

async function readEvent(given: string | undefined, io: Io): Promise<string> {
  if (given === undefined) throw usageError("--event-data is missing.");
  if (given.trimStart().startsWith("{")) return given;
  let bytes: Uint8Array;
  if (given === "-") {
    const chunks: Buffer[] = [];
    for await (const chunk of io.stdin as AsyncIterable<Buffer>) chunks.push(chunk);
    bytes = Buffer.concat(chunks);
  } else if (existsSync(given)) bytes = readFileSync(given);
  else throw usageError(`--event-data ${given}: it neither begins with { nor is it a file.`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r?\n$/, "");
  } catch {
    throw usageError(`--event-data ${given}: not UTF-8.`);
  }
}
