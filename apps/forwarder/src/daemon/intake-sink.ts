import { maxChunkBytes, maxChunkFrames } from "../pipeline/read-chunks.ts";
import type { Piece } from "../pipeline/overlong-tap.ts";
import type { RecordChunk } from "../pipeline/read-records.ts";
import type { SpooledFrame } from "../state/chunk-codec.ts";
import type { PlaceChanges } from "../state/place-state.ts";
import type { Changes, SpooledChunk } from "../state/store.ts";
import type { Intake } from "./intake.ts";

/** Records of one file or object. */
export interface SourceRecords extends RecordChunk {
  readonly source: string;
  readonly format: string;
}

/**
 * What sources that have places write to: records, and the places that cover them, in one transaction. Parts of records over the limit lie in
 * the state until a commit claims them; so only one source of an integration at a time may keep any.
 */
export class IntakeSink {
  readonly #intake: Intake;
  #owner: object | undefined;
  #released: (() => void)[] = [];

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  get places(): Intake["store"]["places"] {
    return this.#intake.store.places;
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#intake.room(signal);
  }

  /** Commits records and places. Throws `STATE_FAILED` and `STATE_DISK_FULL`; then nothing of it is stored. @param owner whose kept parts are claimed */
  async commit(records: readonly SourceRecords[], places: PlaceChanges, owner: object): Promise<void> {
    const spool: SpooledChunk[] = [];
    const overlongOf: NonNullable<Changes["overlongOf"]>[number][] = [];
    for (const { source, format, frames, overlong } of records)
      for (const { from, part } of parted(frames)) {
        const [chunk] = await this.#intake.chunks(source, format, part);
        if (chunk === undefined) continue;
        spool.push(chunk);
        for (const { frame, ...where } of overlong)
          if (frame >= from && frame < from + part.length)
            overlongOf.push({ chunk: chunk.id, frame: frame - from, ...where });
      }
    const keeps = this.#owner === owner;
    const position = records.at(-1)?.position;
    await this.#intake.commit({
      spool,
      places,
      ...(keeps && position !== undefined && { overlongOf, overlongDone: position }),
    });
  }

  /** Keeps a part of a record over the limit. @param isFirst what the owner kept before may go */
  async keep({ position, bytes }: Piece, isFirst: boolean, owner: object): Promise<void> {
    while (this.#owner !== undefined && this.#owner !== owner)
      await new Promise<void>((resolve) => this.#released.push(resolve));
    this.#owner = owner;
    await this.#intake.commit({
      ...(isFirst && { overlongDone: Number.MAX_SAFE_INTEGER }),
      // The state keeps a view of the bytes until it has written them.
      overlong: [{ position, bytes }],
    });
  }

  /** The owner has read a source to its end, or given it up. */
  release(owner: object): void {
    if (this.#owner !== owner) return;
    this.#owner = undefined;
    for (const wake of this.#released.splice(0)) wake();
  }
}

/** As many as a chunk holds, one after the other. */
function* parted(
  frames: readonly SpooledFrame[],
): Generator<{ readonly from: number; readonly part: readonly SpooledFrame[] }> {
  for (let from = 0; from < frames.length;) {
    let to = from;
    for (let bytes = 0; to < frames.length && to - from < maxChunkFrames && bytes < maxChunkBytes; to++)
      bytes += frames[to]!.bytes.length;
    yield { from, part: frames.slice(from, to) };
    from = to;
  }
}
