import { eventOf } from "../delivery/parcel.ts";
import { decodeFrames, type SpooledFrame } from "../state/chunk-codec.ts";
import { damagedFrame, undamaged } from "../state/damage.ts";
import { type SpooledChunk, states } from "../state/store.ts";
import { entryBytes, type ReadyChunk } from "./ready-chunk.ts";

/** A mapped chunk with queued records, in memory until all of them are settled. */
export class LiveChunk {
  readonly id: number;
  readonly ready: ReadyChunk;
  /** One byte per record, see `states` of store.ts. */
  readonly states: Uint8Array;
  /** Queued records. */
  open: number;
  readonly #spooled: Pick<SpooledChunk, "frames" | "offsets">;
  #frames: readonly SpooledFrame[] | "damaged" | undefined;

  /** @param spooled with its frames as they are in the state @param known the states of its records, where it was mapped before */
  constructor(id: number, ready: ReadyChunk, spooled: Pick<SpooledChunk, "frames" | "offsets">, known?: Uint8Array) {
    this.id = id;
    this.ready = ready;
    this.states = known === undefined ? new Uint8Array(ready.frameOf.length) : Uint8Array.from(known);
    this.open = countQueued(this.states);
    this.#spooled = spooled;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.ready.entries.length + this.#spooled.frames.length;
  }

  frameOf(record: number): number {
    return this.ready.frameOf[record]!;
  }

  /**
   * The frame of a record as it came: needed where it dies, which few do. Of a chunk whose bytes are damaged, what is left of all of
   * it, as frame {@link damagedFrame}.
   */
  original(record: number): { readonly number: number; readonly isDamaged: boolean; readonly frame: SpooledFrame } {
    const number = this.frameOf(record);
    if (number !== damagedFrame) this.#frames ??= undamaged(() => decodeFrames(this.#spooled.frames)) ?? "damaged";
    if (this.#frames !== undefined && this.#frames !== "damaged" && number !== damagedFrame)
      return { number, isDamaged: false, frame: this.#frames[number]! };
    const { frames: bytes, offsets } = this.#spooled;
    const frame = { bytes, offset: offsets[0], occurrence: 0, tooLong: false };
    return { number: damagedFrame, isDamaged: true, frame };
  }

  /** The event of a queued record; undefined where it gave none. */
  event(record: number): { readonly eventId: string; readonly eventData: string } | undefined {
    const entry = entryBytes(this.ready, record);
    if (entry.length === 0) return undefined;
    const { id, eventData } = eventOf(entry);
    return { eventId: id, eventData };
  }
}

export function countQueued(bytes: Uint8Array): number {
  let open = 0;
  for (const state of bytes) if (state === states.queued) open++;
  return open;
}
