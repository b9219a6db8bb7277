import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { DeadLetters } from "../state/dead-letters.ts";
import { statePath } from "../state/state-path.ts";
import { masked } from "../terminal/masked.ts";
import { printable, table } from "../terminal/table.ts";
import type { Command, Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { parseCommandLine, usageError } from "./usage-error.ts";

const help = `tributary dlq ls [--state DIR|FILE] [--json]
tributary dlq show ID [--reveal] [--state DIR|FILE] [--json]

Dead letters: records that were not delivered, why, and their original bytes.
show prints the event as it would have been sent, and the record's shape with its values hidden; --reveal prints the
original bytes. With --json the original (base64) is its first 16 MiB; length tells all of it.
`;

export const dlqCommand: Command = {
  help,
  // oxlint-disable-next-line require-await -- a Command is asynchronous
  async run(argv, io) {
    const { values, positionals } = parseCommandLine(argv, {
      state: { type: "string" },
      json: { type: "boolean" },
      reveal: { type: "boolean" },
    });
    const [verb, ...rest] = positionals;
    if (verb !== "ls" && verb !== "show")
      throw usageError(`dlq ${verb ?? ""} does not exist; there is dlq ls and dlq show ID.`);
    const path = statePath(values.state, io.env);
    if (!existsSync(path)) throw new TributaryError(`There is no state at ${path}.`, { code: "STATE_NOT_FOUND" });
    const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
    try {
      const letters = new DeadLetters(database);
      return verb === "ls" ? list(letters, rest, values.json === true, io) : show(letters, rest, values, io);
    } finally {
      database.close();
    }
  },
};

function list(letters: DeadLetters, rest: readonly string[], json: boolean, io: Io): number {
  if (rest.length > 0) throw usageError("dlq ls takes no argument.");
  if (json) {
    for (const letter of letters.all()) io.stdout.write(`${JSON.stringify(letter)}\n`);
    return exitCodes.ok;
  }
  const rows = [...letters.all()].map((letter) => [
    String(letter.id),
    letter.adapter,
    letter.code,
    letter.path,
    `${letter.source}@${letter.offset}`,
    letter.message,
  ]);
  io.stdout.write(
    rows.length === 0 ? "No dead letters.\n" : table([["ID", "ADAPTER", "CODE", "PATH", "RECORD", "REASON"], ...rows]),
  );
  return exitCodes.ok;
}

function show(
  letters: DeadLetters,
  rest: readonly string[],
  flags: { readonly reveal?: boolean | undefined; readonly json?: boolean | undefined },
  io: Io,
): number {
  const [id] = rest;
  if (id === undefined || rest.length > 1 || !/^\d{1,15}$/.test(id))
    throw usageError("dlq show takes one ID of dlq ls.");
  const letter = letters.one(Number(id));
  if (letter === undefined)
    throw new TributaryError(`There is no dead letter ${id}.`, { code: "DEAD_LETTER_NOT_FOUND" });
  const { original, eventData, ...about } = letter;
  const length = original.length + letters.restBytes(letter.id);
  if (flags.json === true) {
    const record = flags.reveal === true ? { original: Buffer.from(original).toString("base64") } : {};
    io.stdout.write(`${JSON.stringify({ ...about, length, eventData, ...record })}\n`);
    return exitCodes.ok;
  }
  io.stdout.write(
    table([
      ["reason", `${about.code} ${about.path}`],
      ["", about.message],
      ["adapter", about.adapter],
      ["channel", about.channelArn],
      ["record", `${about.source}, byte ${about.offset}, ${length} bytes`],
    ]),
  );
  if (eventData !== undefined) io.stdout.write(`\nevent ${about.eventId ?? ""}\n${printable(eventData)}\n`);
  io.stdout.write(
    `\noriginal, ${length} bytes${flags.reveal === true ? "" : ", values hidden (--reveal shows them)"}\n`,
  );
  if (flags.reveal === true) {
    io.stdout.write(original);
    for (const piece of letters.rest(letter.id)) io.stdout.write(piece);
  } else io.stdout.write(printable(masked(original)));
  io.stdout.write("\n");
  return exitCodes.ok;
}
