import { createHash, hash } from "node:crypto";
import { type Adapter, frames } from "@tributary/adapter-kit";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { Cursor } from "../state/store.ts";

/** The next frames of a source, and the cursor that is true once they are committed. */
export interface IntakeChunk {
  readonly frames: readonly SpooledFrame[];
  readonly position: number;
  readonly digest: Uint8Array;
}

export const maxChunkFrames = 1000;
export const maxChunkBytes = 1_000_000;

export interface ReadOptions {
  readonly adapter: Adapter;
  readonly format: string;
  /** Where an interrupted run stopped; undefined reads from the start. */
  readonly cursor: Pick<Cursor, "position" | "digest"> | undefined;
  readonly maxFrameBytes?: number | undefined;
}

/**
 * Frames of one source in chunks of up to 1,000 or 1 MB. With a cursor, the part it covers is framed again (that is how
 * identical records are counted alike) but not handed out; where those bytes are no longer the same, the source is a new
 * one and is read from its start. A broken source hands out what came before, then throws.
 */
export async function* readChunks(
  open: () => AsyncIterable<Uint8Array>,
  options: ReadOptions,
): AsyncGenerator<IntakeChunk, void, void> {
  const { adapter, cursor } = options;
  const format = adapter.formats[options.format]!;
  const running = createHash("sha256");
  const occurrence = adapter.countsOccurrences === true ? occurrences() : () => 0;
  const resumeAt = cursor?.position ?? 0;
  let verified = cursor === undefined || resumeAt === 0;
  let pending: SpooledFrame[] = [];
  let size = 0;
  let position = resumeAt;
  const isSame = () => Buffer.compare(running.copy().digest(), cursor!.digest) === 0;
  const take = (): IntakeChunk => {
    const chunk = { frames: pending, position, digest: running.copy().digest() };
    pending = [];
    size = 0;
    return chunk;
  };
  let failure: { readonly error: unknown } | undefined;
  let differs = false;
  try {
    const limit = options.maxFrameBytes === undefined ? {} : { maxFrameBytes: options.maxFrameBytes };
    outer: for await (const group of frames(format.frame, open(), limit)) {
      for (const { bytes, offset, end, tooLong } of group) {
        if (end > resumeAt && !verified) {
          verified = isSame();
          if (!verified) {
            differs = true;
            break outer;
          }
        }
        running.update(bytes);
        const count = occurrence(bytes);
        if (end <= resumeAt) continue;
        pending.push({ bytes, offset, occurrence: count, tooLong: tooLong === true });
        size += bytes.length;
        position = end;
        if (pending.length >= maxChunkFrames || size >= maxChunkBytes) yield take();
      }
    }
  } catch (error) {
    failure = { error };
  }
  if (!verified && !differs) differs = !isSame();
  if (differs) {
    yield* readChunks(open, { ...options, cursor: undefined });
    return;
  }
  if (pending.length > 0) yield take();
  if (failure !== undefined) throw failure.error;
}

/** Counts byte-identical frames; 48 bits of a digest tell frames apart. */
function occurrences(): (bytes: Uint8Array) => number {
  const seen = new Map<number, number>();
  return (bytes) => {
    const key = hash("sha256", bytes, "buffer").readUIntBE(0, 6);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count;
  };
}
