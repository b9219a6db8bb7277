import { destinationLabel } from "../terminal/destination-label.ts";
import { TributaryError } from "@tributary/schema";
import type { DeadLetters } from "../state/dead-letters.ts";
import { masked } from "../terminal/masked.ts";
import { printable, table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { shown } from "./dlq-list.ts";
import { exitCodes } from "./exit-codes.ts";

/** `dlq show`. Throws DEAD_LETTER_NOT_FOUND. */
export async function showLetter(
  letters: DeadLetters,
  id: number,
  flags: { readonly reveal: boolean; readonly json: boolean },
  io: Io,
): Promise<number> {
  const letter = await letters.one(id);
  const kept = await letters.original(id);
  if (letter === undefined || kept === undefined)
    throw new TributaryError(`There is no dead letter ${id}.`, { code: "DEAD_LETTER_NOT_FOUND" });
  const { eventData, ...about } = letter;
  const { bytes: original, isDamaged } = kept;
  const length = original.length + (await letters.restBytes(letter.id));
  if (flags.json) {
    const record = flags.reveal ? { original: Buffer.from(original).toString("base64") } : { masked: masked(original) };
    io.stdout.write(
      `${JSON.stringify({ ...shown(about), length, damaged: isDamaged || undefined, eventData, ...record })}\n`,
    );
    return exitCodes.ok;
  }
  const died = about.at === undefined ? "at a time that is not known" : new Date(about.at).toISOString();
  const replayed = about.replays === 0 ? "" : `, replayed ${about.replays} times`;
  io.stdout.write(
    table([
      ["reason", `${about.code} ${about.path}`],
      ["", about.message],
      ["died", `${died}, after ${about.attempts} requests${replayed}`],
      ...(about.asked === undefined
        ? []
        : [["", `to be replayed, as asked at ${new Date(about.asked).toISOString()}`]]),
      [
        "integration",
        about.integration === "" ? "of tributary forward" : destinationLabel(about.integration, about.destination),
      ],
      ["adapter", about.adapter],
      ["channel", about.channelArn],
      ["record", `${about.source}, byte ${about.offset}, ${length} bytes`],
    ]),
  );
  if (eventData !== undefined) io.stdout.write(`\nevent ${about.eventId ?? ""}\n${printable(eventData)}\n`);
  if (isDamaged)
    io.stdout.write("\nThe original is damaged: this is not the record, but all that the state has left.\n");
  io.stdout.write(`\noriginal, ${length} bytes${flags.reveal ? "" : ", values hidden (--reveal shows them)"}\n`);
  if (flags.reveal) {
    io.stdout.write(original);
    for await (const piece of letters.rest(letter.id)) io.stdout.write(piece);
  } else io.stdout.write(printable(masked(original)));
  io.stdout.write("\n");
  return exitCodes.ok;
}
