import { type Adapter, defaultMaxFrameBytes, type Frame, framerOf } from "@tributary/adapter-kit";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { Piece } from "./overlong-tap.ts";
import { maxChunkBytes, maxChunkFrames } from "./read-chunks.ts";

/** The next records of a source, and where reading may go on once they are committed. */
export interface RecordChunk {
  readonly frames: readonly SpooledFrame[];
  /** Bytes of the source up to there, after decompression. */
  readonly position: number;
  /** Records longer than the limit: where in the source lies what their bytes lack. */
  readonly overlong: readonly { readonly frame: number; readonly from: number; readonly end: number }[];
}

export interface ReadRecordsOptions {
  readonly adapter: Adapter;
  readonly format: string;
  /** What ends up to there was read before: it is framed and not handed out. */
  readonly position: number;
  readonly maxFrameBytes?: number | undefined;
  /** Given what a record has beyond `maxFrameBytes`, piece by piece, before the record ends. */
  readonly keep: (piece: Piece) => void | Promise<void>;
  /** Told of all bytes in turn; of those of a chunk before the chunk is handed out, and of no later ones. */
  readonly onBytes?: ((bytes: Uint8Array) => void) | undefined;
}

const pieceBytes = 1_000_000;

/**
 * Records of a source in chunks of up to 1,000 or 1 MB, bounded in memory by one record. A broken source hands out what came
 * before, then throws.
 */
export async function* readRecords(
  bytes: AsyncIterable<Uint8Array>,
  options: ReadRecordsOptions,
): AsyncGenerator<RecordChunk, void, void> {
  const { adapter, format, keep, onBytes } = options;
  const limit = options.maxFrameBytes ?? defaultMaxFrameBytes;
  const framer = framerOf(adapter.formats[format]!.frame, { maxFrameBytes: limit });
  const counts = adapter.countsOccurrences === true;
  let pending: SpooledFrame[] = [];
  let size = 0;
  /** End of the last record that came out, old ones too. */
  let ended = 0;
  /** Of the chunk under way. */
  let start = 0;
  let chunk: Uint8Array = new Uint8Array();
  let told = 0;
  const tell = (upTo: number) => {
    if (upTo <= told) return;
    onBytes?.(chunk.subarray(told - start, upTo - start));
    told = upTo;
  };
  const take = (position: number): RecordChunk => {
    const overlong = pending.flatMap(({ tooLong, offset }, frame) =>
      tooLong ? [{ frame, from: offset + limit, end: position }] : [],
    );
    const taken = { frames: pending, position, overlong };
    pending = [];
    size = 0;
    return taken;
  };
  /** Whether a chunk is full. */
  const add = ({ bytes: record, offset, end, tooLong }: Frame): boolean => {
    tell(end);
    ended = end;
    if (end <= options.position) return false;
    pending.push(framed({ bytes: record, offset, tooLong: tooLong === true }, counts));
    size += record.length;
    // A chunk ends with a record that was too long: its end is the chunk's.
    return tooLong === true || pending.length >= maxChunkFrames || size >= maxChunkBytes;
  };
  let failure: { readonly error: unknown } | undefined;
  const iterator = bytes[Symbol.asyncIterator]();
  try {
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        next = await iterator.next();
      } catch (error) {
        failure = { error };
        break;
      }
      if (next.done === true) break;
      tell(start + chunk.length);
      start += chunk.length;
      chunk = next.value;
      const end = start + chunk.length;
      const step = Math.min(limit, pieceBytes);
      for (let at = Math.max(start, ended + limit, options.position); at < end; at += step)
        await keep({ position: at, bytes: chunk.subarray(at - start, at - start + step) });
      for (const frame of framer.push(chunk)) if (add(frame)) yield take(ended);
    }
    // What a source has behind the place where it broke is not known to be a record.
    if (failure === undefined) {
      for (const frame of framer.end()) if (add(frame)) yield take(ended);
      tell(start + chunk.length);
      const end = Math.max(start + chunk.length, options.position);
      if (pending.length > 0 || end > Math.max(ended, options.position)) yield take(end);
    } else if (pending.length > 0) yield take(ended);
  } finally {
    await iterator.return?.();
  }
  if (failure !== undefined) throw failure.error;
}

/**
 * A record with what tells it apart from equal ones of its source, where the adapter asks for that: its place. Unlike a count of
 * those before it, that needs no memory of them, and it is the same when the source is read again from anywhere.
 */
export function framed(record: Pick<SpooledFrame, "bytes" | "offset" | "tooLong">, counts: boolean): SpooledFrame {
  return { ...record, occurrence: counts ? record.offset : 0 };
}
