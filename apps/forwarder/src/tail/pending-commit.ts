import { maxChunkBytes, maxChunkFrames } from "../pipeline/read-chunks.ts";
import type { TailPlace } from "./tail-place.ts";
import type { TailRecords, TailSink } from "./tail-sink.ts";

const mostPlaces = 256;

/** What was read of many files and is not durable yet: one commit for all of it. */
export class PendingCommit {
  readonly #sink: TailSink;
  #records: TailRecords[] = [];
  #places = new Map<string, TailPlace>();
  #forget = new Set<string>();
  #frames = 0;
  #bytes = 0;

  constructor(sink: TailSink) {
    this.#sink = sink;
  }

  put(place: TailPlace): void {
    this.#places.set(place.id, place);
  }

  forget(id: string): void {
    this.#places.delete(id);
    this.#forget.add(id);
  }

  add(records: TailRecords): void {
    if (records.frames.length === 0) return;
    this.#records.push(records);
    this.#frames += records.frames.length;
    for (const { bytes } of records.frames) this.#bytes += bytes.length;
    // What records over the limit have beyond it is kept for the commit that claims it.
    if (records.overlong.length > 0) this.#bytes += maxChunkBytes;
  }

  get isFull(): boolean {
    return this.#frames >= maxChunkFrames || this.#bytes >= maxChunkBytes || this.#places.size >= mostPlaces;
  }

  /** @param begun see {@link TailSink.commit} */
  async commit(begun = false): Promise<void> {
    if (!begun && this.#places.size === 0 && this.#forget.size === 0) return;
    const step = {
      records: this.#records,
      places: [...this.#places.values()],
      forget: [...this.#forget],
      ...(begun && { begun }),
    };
    this.#records = [];
    this.#places = new Map();
    this.#forget = new Set();
    this.#frames = 0;
    this.#bytes = 0;
    await this.#sink.commit(step);
  }
}
