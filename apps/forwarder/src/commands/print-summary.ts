import type { Stop } from "../delivery/classify-failure.ts";
import type { Summary } from "../pipeline/summary.ts";
import { damageCode } from "../state/damage.ts";
import { group, printable, table } from "../terminal/table.ts";
import type { Io } from "./command.ts";

/** The table at the end of a run: promise 1's sum, then what needs a look. */
export function printSummary(
  summary: Summary,
  run: { readonly adapter: string; readonly channelArn: string },
  stdout: Io["stdout"],
): void {
  const { stopped } = summary;
  stdout.write(`${run.adapter} -> ${run.channelArn}\n`);
  stdout.write(
    table(
      [
        ["read", summary.read, summary.resumed > 0 ? `${group(summary.resumed)} of them queued by an earlier run` : ""],
        ["= delivered", summary.delivered, ""],
        ["+ already delivered", summary.alreadyDelivered, ""],
        [
          "+ changed",
          summary.changed,
          summary.changed > 0 ? "delivered before with other bytes; --resend sends them" : "",
        ],
        ["+ dead", summary.dead, summary.dead > 0 ? "tributary dlq ls" : ""],
        ["+ dropped", summary.dropped, ""],
        ["+ queued", summary.queued, summary.queued > 0 ? "kept; run again to send them" : ""],
      ],
      "  ",
    ).replaceAll(/ +\n/g, "\n"),
  );
  for (const [code, count] of Object.entries(summary.deadByCode))
    stdout.write(`  dead: ${printable(code)} ${group(count)}\n`);
  if ((summary.deadByCode[damageCode] ?? 0) > 0)
    stdout.write(
      "  The state was damaged by the disk or something else: these records are kept as they are, and cannot be sent. Check the disk;\n" +
        "  forward their source again where it still has them, then tributary dlq discard --reason STATE_DAMAGED.\n",
    );
  for (const [rule, count] of Object.entries(summary.droppedByRule))
    stdout.write(`  dropped: ${printable(rule)} ${group(count)}\n`);
  for (const [kind, count] of Object.entries(summary.marksByKind))
    stdout.write(`  ${wording[kind] ?? printable(kind)}: ${group(count)}\n`);
  const retries = summary.retries > 0 ? `, ${group(summary.retries)} of them retries` : "";
  stdout.write(
    `  ${group(summary.requests)} requests${retries}, ${summary.seconds.toFixed(1)} s, ${group(summary.recordsPerSecond)} records/s\n`,
  );
  for (const input of summary.inputs) {
    if (input.error !== undefined) stdout.write(`  ${printable(input.name)}: ${printable(input.error)}\n`);
    else if (!input.complete) stdout.write(`  ${printable(input.name)}: not read to its end; run again to go on\n`);
  }
  if (stopped !== undefined)
    stdout.write(`Stopped: ${printable(stopped.code)}: ${printable(stopped.message)}\n${hint(stopped)}`);
  if (!summary.balanced) stdout.write("The counts do not add up. This is a bug; keep the state and report it.\n");
}

/** What was done to values, for people. */
const wording: Readonly<Record<string, string>> = {
  redacted: "values masked",
  trimmed: "values cut to the limits",
  "big-number": "numbers kept as their digits",
};

/** What to do about a stop, where the server's own words do not say. */
function hint({ kind, code }: Stop): string {
  const known =
    hints[code] ??
    (kind === "unreachable"
      ? "Is the server up, and --endpoint right? Run the same command again to go on."
      : undefined);
  return known === undefined ? "" : `  ${known}\n`;
}

const hints: Readonly<Record<string, string>> = {
  AccessDeniedException: "The caller's identity policy must allow cloudtrail-data:PutAuditEvents on the channel.",
  ChannelInsufficientPermission:
    "The channel's resource policy must name the caller, and --external-id must be the one it asks for.",
  ChannelNotFound: "Check --channel-arn, and that the credentials are of the account that owns the channel.",
  InvalidChannelARN: "The channel must be of the server's region.",
};
