import { type Adapter, defaultMaxFrameBytes, type Json, type Result } from "@tributary/adapter-kit";
import { parseCloudTrailArn } from "@tributary/schema";
import { mapChunk } from "../pipeline/map-chunk.ts";
import type { DeadLetter, DeadLetters, Original } from "../state/dead-letters.ts";
import { damageCode } from "../state/damage.ts";
import type { LetterFilter } from "../state/letter-filter.ts";
import { table } from "../terminal/table.ts";
import type { Io } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";

/** The adapter of today for a letter, and what it is told. */
export interface Rehearsing {
  readonly adapter: Adapter;
  readonly builtIn: boolean;
  readonly options: Json | undefined;
}

/** What a replay of one letter would come to, as far as it can be known without sending. */
interface Verdict {
  readonly would: "be sent" | "be dropped" | "stay dead" | "stay queued";
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly eventId?: string | undefined;
}

/**
 * `dlq replay --dry-run`: maps each letter again and changes nothing. Answers exit code 1 when one would stay dead.
 * @param of what maps the letters of an integration; undefined where that is not known
 */
export async function rehearse(
  letters: DeadLetters,
  filter: LetterFilter,
  of: (letter: DeadLetter) => Rehearsing | undefined,
  { limit, json }: { readonly limit: number; readonly json: boolean },
  io: Io,
): Promise<number> {
  const counts = new Map<string, number>();
  const rows: (readonly string[])[] = [];
  let dead = false;
  for await (const letter of letters.all(filter)) {
    const original = await letters.original(letter.id);
    if (original === undefined) continue;
    const verdicts = await verdictsOf(letters, letter, original, of(letter));
    for (const one of verdicts) {
      const { would, code = "", message = "", eventId } = one;
      dead ||= would === "stay dead";
      const key = code === "" ? would : `${would}: ${code}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (json) io.stdout.write(`${JSON.stringify({ id: letter.id, was: letter.code, ...one })}\n`);
      else if (limit === 0 || rows.length < limit)
        rows.push([String(letter.id), letter.code, would, code === "" ? (eventId ?? "") : code, message]);
    }
  }
  if (!json) {
    if (rows.length > 0) io.stdout.write(table([["ID", "DIED OF", "WOULD", "", ""], ...rows]));
    for (const [key, count] of counts) io.stdout.write(`${count} would ${key}\n`);
    if (counts.size === 0) io.stdout.write("No dead letters.\n");
  }
  return dead ? exitCodes.dead : exitCodes.ok;
}

async function verdictsOf(
  letters: DeadLetters,
  letter: DeadLetter,
  original: Original,
  today: Rehearsing | undefined,
): Promise<readonly Verdict[]> {
  if (today === undefined)
    return [
      { would: "stay queued", message: "The configuration has no such integration with this adapter and channel." },
    ];
  if (original.isDamaged)
    return [{ would: "stay dead", code: damageCode, message: "Its bytes in the state are damaged." }];
  const { bytes, format, receivedAt, occurrence, about, part, parts } = original;
  const restBytes = await letters.restBytes(letter.id);
  const fits = bytes.length + restBytes <= defaultMaxFrameBytes;
  const pieces: Uint8Array[] = [bytes];
  if (restBytes > 0 && fits) for await (const piece of letters.rest(letter.id)) pieces.push(piece);
  const frame = {
    bytes: pieces.length === 1 ? bytes : Buffer.concat(pieces),
    offset: letter.offset,
    occurrence,
    about,
    tooLong: restBytes > 0 && !fits,
    again: {
      only: parts > 1 ? { parts: [part], of: parts } : undefined,
      attempts: letter.attempts,
      replays: letter.replays,
    },
  };
  const { adapter, builtIn, options } = today;
  const accountId = parseCloudTrailArn(letter.channelArn)?.accountId ?? "";
  const mapping = { adapter, accountId, options, checkEvents: !builtIn, now: () => Date.now() };
  return mapChunk([frame], format, receivedAt, mapping).map(({ result }) => verdict(result));
}

function verdict(result: Result): Verdict {
  if (result.kind === "event") return { would: "be sent", eventId: result.id };
  if (result.kind === "dropped") return { would: "be dropped", code: result.rule };
  return { would: "stay dead", code: result.code, message: result.message };
}
