import type { Adapter } from "@tributary/adapter-kit";
import { encodeFrames, offsetsOf, type SpooledFrame } from "../state/chunk-codec.ts";
import type { AskedLetter, Requeued } from "../state/asked-letters.ts";
import { isDamage } from "../state/damage.ts";
import { isDiskFull } from "../state/disk-full.ts";
import type { SpooledChunk, Store } from "../state/store.ts";
import { maxChunkBytes } from "./read-chunks.ts";

/** Letters in one commit: it takes less than a tenth of a second, in which nothing else is written. */
const slice = 250;

interface Open {
  readonly id: number;
  readonly letter: AskedLetter;
  readonly frames: SpooledFrame[];
}

/**
 * Puts dead letters that `dlq replay` asked for back into the queue: their frames, with the origin they had, as chunks that are
 * mapped by the adapter of today. One commit a slice, in which a letter stops being dead as its record is queued. Only whoever
 * delivers for the integration may call it.
 * @param maxFrameBytes longest record that is read today: one that was longer than the limit of then may fit now
 * Letters whose bytes are damaged stay dead, of that.
 * @returns how many letters; 0 when none is asked for, or while there is no room on the disk
 */
export async function requeue(store: Store, adapter: Adapter, maxFrameBytes: number): Promise<number> {
  const letters = await store.asked.next(slice);
  const chunks: Open[] = [];
  const requeued: Requeued[] = [];
  const spoiled: number[] = [];
  let bytes = 0;
  let count = 0;
  for (const group of byFrame(letters)) {
    if (bytes >= maxChunkBytes) break;
    const [letter] = group;
    count += group.length;
    const read = await originalOf(store, letter, maxFrameBytes);
    if (read === undefined) {
      spoiled.push(...group.map(({ id }) => id));
      continue;
    }
    const { frame, about, isWhole, fits } = read;
    const last = chunks.at(-1);
    let chunk = last !== undefined && hasOrigin(last.letter, letter) ? last : undefined;
    if (chunk === undefined) chunks.push((chunk = { id: await store.nextChunk(), letter, frames: [] }));
    const isLine = adapter.formats[letter.format]?.frame === "line";
    requeued.push({
      letters: group.map(({ id }) => id),
      from: { chunk: letter.chunk, frame: letter.frame },
      to: { chunk: chunk.id, frame: chunk.frames.length },
      rest: !isWhole && !fits,
    });
    chunk.frames.push({
      // As a framer with a higher limit would have given it.
      bytes: !isWhole && fits && isLine ? withoutLineEnd(frame) : frame,
      offset: letter.offset,
      occurrence: letter.occurrence,
      about,
      tooLong: !isWhole && !fits,
      again: {
        only:
          group.length < letter.parts
            ? { parts: group.map(({ part }) => part).toSorted((a, b) => a - b), of: letter.parts }
            : undefined,
        attempts: Math.max(...group.map(({ attempts }) => attempts)),
        replays: Math.max(...group.map(({ replays }) => replays)) + 1,
      },
    });
    bytes += frame.length;
  }
  if (count === 0) return 0;
  try {
    await store.commit({ spool: chunks.map(spooled), requeued, spoiled });
  } catch (error) {
    // They wait: what is queued goes on meanwhile.
    if (isDiskFull(error)) return 0;
    throw error;
  }
  return count;
}

/** A letter's frame, as far as it may be read today. Undefined where it is damaged. */
async function originalOf({ asked }: Store, letter: AskedLetter, maxFrameBytes: number) {
  try {
    const { bytes, about } = await asked.original(letter);
    const isWhole = letter.restBytes === 0;
    const fits = bytes.length + letter.restBytes <= maxFrameBytes;
    const frame = isWhole || !fits ? bytes : Buffer.concat([bytes, await asked.rest(letter)]);
    return { frame, about, isWhole, fits };
  } catch (error) {
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Letters of one frame follow one another. */
function byFrame(letters: readonly AskedLetter[]): readonly (readonly [AskedLetter, ...AskedLetter[]])[] {
  const groups: [AskedLetter, ...AskedLetter[]][] = [];
  for (const letter of letters) {
    const group = groups.at(-1);
    if (group !== undefined && group[0].chunk === letter.chunk && group[0].frame === letter.frame) group.push(letter);
    else groups.push([letter]);
  }
  return groups;
}

const hasOrigin = (one: AskedLetter, other: AskedLetter): boolean =>
  one.source === other.source && one.format === other.format && one.receivedAt === other.receivedAt;

function spooled({ id, letter: { source, format, receivedAt }, frames }: Open): SpooledChunk {
  return {
    id,
    source,
    format,
    receivedAt,
    frames: encodeFrames(frames),
    count: frames.length,
    offsets: offsetsOf(frames),
  };
}

function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  const end = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  return bytes.subarray(0, bytes[end - 1] === 13 ? end - 1 : end);
}
