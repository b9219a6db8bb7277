import { eventOf } from "../delivery/parcel.ts";
import { decodeFrames, type SpooledFrame } from "../state/chunk-codec.ts";
import { states } from "../state/store.ts";
import { entryBytes, type ReadyChunk } from "./ready-chunk.ts";

/** A mapped chunk with queued records, in memory until all of them are settled. */
export class LiveChunk {
  readonly id: number;
  readonly ready: ReadyChunk;
  /** One byte per record, see `states` of store.ts. */
  readonly states: Uint8Array;
  /** Queued records. */
  open: number;
  readonly #spooled: Uint8Array;
  #frames: readonly SpooledFrame[] | undefined;

  /** @param spooled its frames, compressed by chunk-codec @param known the states of its records, where it was mapped before */
  constructor(id: number, ready: ReadyChunk, spooled: Uint8Array, known?: Uint8Array) {
    this.id = id;
    this.ready = ready;
    this.states = known === undefined ? new Uint8Array(ready.frameOf.length) : Uint8Array.from(known);
    this.open = countQueued(this.states);
    this.#spooled = spooled;
  }

  /** Memory that it takes. */
  get bytes(): number {
    return this.ready.entries.length + this.#spooled.length;
  }

  frameOf(record: number): number {
    return this.ready.frameOf[record]!;
  }

  /** Its bytes as they came: needed where a record dies, which few do. */
  frame(number: number): SpooledFrame {
    this.#frames ??= decodeFrames(this.#spooled);
    return this.#frames[number]!;
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
