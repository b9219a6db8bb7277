import { createHash, type Hash } from "node:crypto";
import { type Adapter, defaultMaxFrameBytes, frames } from "@tributary/adapter-kit";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { Cursor } from "../state/store.ts";
import { OverlongTap, type Piece } from "./overlong-tap.ts";
import { Occurrences } from "./occurrences.ts";

/** The next frames of a source, and the cursor that is true once they are committed. */
export interface IntakeChunk {
  readonly frames: readonly SpooledFrame[];
  readonly position: number;
  readonly digest: Uint8Array;
  /** Frames longer than the limit: where in the source lies what their bytes lack. */
  readonly overlong: readonly { readonly frame: number; readonly from: number; readonly end: number }[];
}

export const maxChunkFrames = 1000;
export const maxChunkBytes = 1_000_000;

export interface ReadOptions {
  readonly adapter: Adapter;
  readonly format: string;
  /** Where an interrupted run stopped; undefined reads from the start. */
  readonly cursor: Pick<Cursor, "position" | "digest"> | undefined;
  readonly maxFrameBytes?: number | undefined;
  /** Where an earlier reading ended, and what is told once this one has come as far: whether all up to there is the same. */
  readonly seen?: (Pick<Cursor, "position" | "digest"> & { readonly onReached: (isSame: boolean) => void }) | undefined;
  /** What tells equal records apart: how many came before (default), or their place, as followed files have it; see `framed`. */
  readonly apartBy?: "count" | "place" | undefined;
  /** Given what a record has beyond `maxFrameBytes`, see {@link OverlongTap}. */
  readonly keep?: ((piece: Piece) => Promise<void>) | undefined;
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
  const running = new RunningDigest();
  const isApart = adapter.countsOccurrences === true;
  const occurrences = isApart && options.apartBy !== "place" ? new Occurrences() : undefined;
  const resumeAt = cursor?.position ?? 0;
  const maxFrameBytes = options.maxFrameBytes ?? defaultMaxFrameBytes;
  const tap = options.keep && new OverlongTap(maxFrameBytes, resumeAt, options.keep);
  let { seen } = options;
  const compare = (end: number) => {
    if (seen === undefined || end <= seen.position) return;
    seen.onReached(position === seen.position && Buffer.compare(running.digest(), seen.digest) === 0);
    seen = undefined;
  };
  let verified = cursor === undefined || resumeAt === 0;
  let pending: SpooledFrame[] = [];
  let size = 0;
  let position = resumeAt;
  const isSame = () => Buffer.compare(running.digest(), cursor!.digest) === 0;
  const take = (): IntakeChunk => {
    const overlong = pending.flatMap(({ tooLong, offset }, frame) =>
      tooLong ? [{ frame, from: offset + maxFrameBytes, end: position }] : [],
    );
    const chunk = { frames: pending, position, digest: running.digest(), overlong };
    pending = [];
    size = 0;
    return chunk;
  };
  let failure: { readonly error: unknown } | undefined;
  let differs = false;
  try {
    outer: for await (const group of frames(format.frame, tap?.pass(open()) ?? open(), { maxFrameBytes })) {
      for (const { bytes, offset, end, tooLong } of group) {
        if (end > resumeAt && !verified) {
          verified = isSame();
          if (!verified) {
            differs = true;
            break outer;
          }
        }
        compare(end);
        running.update(bytes);
        if (tap !== undefined) tap.ended = end;
        const count = occurrences?.count(bytes) ?? (isApart ? offset : 0);
        if (end <= resumeAt) continue;
        pending.push({ bytes, offset, occurrence: count, tooLong: tooLong === true });
        size += bytes.length;
        position = end;
        // A chunk ends with a frame that was too long: its end is the chunk's.
        if (tooLong === true || pending.length >= maxChunkFrames || size >= maxChunkBytes) yield take();
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
  // One that broke may be longer than what came of it.
  if (failure === undefined) compare(Number.POSITIVE_INFINITY);
  if (pending.length > 0) yield take();
  if (failure !== undefined) throw failure.error;
}

/** SHA-256 of all frames so far. Frames are gathered: one call for many small ones costs far less. */
class RunningDigest {
  readonly #hash: Hash = createHash("sha256");
  #gathered: Uint8Array[] = [];
  #length = 0;

  update(bytes: Uint8Array): void {
    this.#gathered.push(bytes);
    this.#length += bytes.length;
    if (this.#length >= 131_072) this.#flush();
  }

  digest(): Uint8Array {
    this.#flush();
    return this.#hash.copy().digest();
  }

  #flush(): void {
    if (this.#length > 0) this.#hash.update(Buffer.concat(this.#gathered, this.#length));
    this.#gathered = [];
    this.#length = 0;
  }
}
