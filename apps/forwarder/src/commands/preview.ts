import { type Adapter, framedRecords, type Json, mapFrame, type Result } from "@tributary/adapter-kit";
import { findInputs, type Input } from "../input/input.ts";
import { openInput } from "../pipeline/open-input.ts";
import { readChunks } from "../pipeline/read-chunks.ts";
import { sideBySide } from "../terminal/side-by-side.ts";
import { printable } from "../terminal/table.ts";
import { adapterArguments, adapterHelp, chosenAdapter } from "./chosen-adapter.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError, wholeNumber } from "./usage-error.ts";

const help = `tributary preview --adapter NAME [options] FILE...|-

Shows what the adapter makes of records: record and event side by side (one above the other where the terminal is
narrow), what was masked or trimmed, and what is refused. Sends nothing, keeps nothing.

${adapterHelp}
  --account-id ID         12 digits, for recipientAccountId; default 111122223333
  --limit N               records to show, default 20; 0: all
  --json                  one JSON object per record; standard error tells where not all are shown

Records are shown as they are, secrets included: they are masked in the event only.

Examples:
  tributary preview --adapter okta system-log.ndjson
  tributary preview --adapter custom --mapping my-app.yaml --limit 0 --json app.ndjson

Exit codes: 0; 1 when a record is refused; 2 for a wrong command line or an input that is not there.
`;

export const previewCommand: Command = {
  help,
  run,
};

async function run(argv: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseCommandLine(argv, {
    ...adapterArguments,
    "account-id": { type: "string" },
    limit: { type: "string" },
    json: { type: "boolean" },
  });
  if (positionals.length === 0) throw usageError("Name a file, or - for standard input.");
  const accountId = values["account-id"] ?? "111122223333";
  if (!/^\d{12}$/.test(accountId)) throw usageError("--account-id takes 12 digits.");
  const limit = wholeNumber("limit", values.limit, { min: 0, max: 999_999_999 }) ?? 20;
  const { adapter, options, close } = await chosenAdapter(values);
  const counts = { event: 0, dropped: 0, refused: 0 };
  // Into a file or a pipe: one above the other.
  const width = io.stdout.columns ?? 0;
  let shown = 0;
  for (const input of await findInputs(positionals, io.stdin))
    for await (const { at, bytes, record, result } of results(input, {
      adapter,
      format: values.format,
      accountId,
      options,
    })) {
      counts[result.kind]++;
      if (limit !== 0 && shown++ >= limit) continue;
      if (values.json === true)
        io.stdout.write(
          `${JSON.stringify({ input: input.name, offset: at, record: record ?? Buffer.from(bytes).toString("utf8"), ...result })}\n`,
        );
      else
        io.stdout.write(
          show(`${input.name}, byte ${at}`, record ?? Buffer.from(bytes).toString("utf8"), result, width),
        );
    }
  await close();
  const total = counts.event + counts.dropped + counts.refused;
  const left = limit !== 0 && total > limit ? ` (the first ${limit} shown; --limit 0 shows all)` : "";
  const sum = `${total} records: ${counts.event} events, ${counts.dropped} dropped, ${counts.refused} refused${left}\n`;
  if (values.json !== true) io.stdout.write(sum);
  else if (left !== "") io.stderr.write(sum);
  return counts.refused > 0 ? exitCodes.dead : exitCodes.ok;
}

interface Shown {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly record: unknown;
  readonly result: Result;
}

async function* results(
  input: Input,
  {
    adapter,
    format,
    accountId,
    options,
  }: {
    readonly adapter: Adapter;
    readonly format: string | undefined;
    readonly accountId: string;
    readonly options: Json | undefined;
  },
): AsyncGenerator<Shown, void, void> {
  const { format: known, bytes: first } = await openInput(input, adapter, format);
  if (known === undefined) return;
  const receivedAt = new Date().toISOString();
  for await (const chunk of readChunks(() => first, { adapter, format: known, cursor: undefined }))
    for (const { bytes, offset, occurrence, tooLong } of chunk.frames) {
      const context = {
        options,
        accountId,
        origin: { receivedAt, occurrence },
        ...(tooLong ? { tooLong: true as const } : {}),
      };
      const records = framedRecords(adapter, known, bytes);
      for (const [part, result] of mapFrame(adapter, known, bytes, context).entries())
        yield { at: offset, bytes, record: records?.[part], result };
    }
}

function show(where: string, record: unknown, result: Result, width: number): string {
  const left = typeof record === "string" ? record : JSON.stringify(record, null, 2);
  const right = describe(result);
  return `--- ${printable(where)}\n${sideBySide(printable(left), printable(right), width)}\n`;
}

function describe(result: Result): string {
  if (result.kind === "dropped") return `DROPPED by rule ${result.rule}`;
  if (result.kind === "refused") return `REFUSED ${result.code} ${result.path}\n${result.message}`;
  const marks = result.marks.map((mark) => `${mark.kind} ${mark.path || "/"}`);
  return [`id ${result.id}`, JSON.stringify(JSON.parse(result.eventData), null, 2), ...marks].join("\n");
}
