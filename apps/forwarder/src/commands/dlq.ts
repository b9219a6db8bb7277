import { existsSync } from "node:fs";
import { TributaryError } from "@tributary/schema";
import { DeadLetters } from "../state/dead-letters.ts";
import { readStateFile } from "../state/sqlite-state.ts";
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
    const database = readStateFile(path);
    try {
      const letters = new DeadLetters(database);
      return await (verb === "ls" ? list(letters, rest, values.json === true, io) : show(letters, rest, values, io));
    } finally {
      await database.close();
    }
  },
};

async function list(letters: DeadLetters, rest: readonly string[], json: boolean, io: Io): Promise<number> {
  if (rest.length > 0) throw usageError("dlq ls takes no argument.");
  if (json) {
    for await (const letter of letters.all()) io.stdout.write(`${JSON.stringify(letter)}\n`);
    return exitCodes.ok;
  }
  const rows: (readonly string[])[] = [];
  for await (const { id, adapter, code, path, source, offset, message } of letters.all())
    rows.push([String(id), adapter, code, path, `${source}@${offset}`, message]);
  io.stdout.write(
    rows.length === 0 ? "No dead letters.\n" : table([["ID", "ADAPTER", "CODE", "PATH", "RECORD", "REASON"], ...rows]),
  );
  return exitCodes.ok;
}

async function show(
  letters: DeadLetters,
  rest: readonly string[],
  flags: { readonly reveal?: boolean | undefined; readonly json?: boolean | undefined },
  io: Io,
): Promise<number> {
  const [id] = rest;
  if (id === undefined || rest.length > 1 || !/^\d{1,15}$/.test(id))
    throw usageError("dlq show takes one ID of dlq ls.");
  const letter = await letters.one(Number(id));
  if (letter === undefined)
    throw new TributaryError(`There is no dead letter ${id}.`, { code: "DEAD_LETTER_NOT_FOUND" });
  const { original, eventData, ...about } = letter;
  const length = original.length + (await letters.restBytes(letter.id));
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
    for await (const piece of letters.rest(letter.id)) io.stdout.write(piece);
  } else io.stdout.write(printable(masked(original)));
  io.stdout.write("\n");
  return exitCodes.ok;
}
