import { envelopeBytes, type Parcel } from "./parcel.ts";

/** Limits of one request. Spec 1.5, the sender's (decimal) reading. */
export interface BatchLimits {
  readonly events: number;
  /** Of the exact serialised body. */
  readonly bytes: number;
}

export const defaultBatchLimits: BatchLimits = { events: 100, bytes: 1_000_000 };

/**
 * A queue that hands out batches in arrival order: within both limits, and no id twice in one batch (a parcel whose id
 * is in the batch already waits for the next one). Every parcel must fit alone; {@link fitsAlone} tells.
 */
export class Batcher<P extends Parcel> {
  #queue: P[] = [];
  #head = 0;
  #bytes = 0;
  readonly #limits: BatchLimits;

  constructor(limits: BatchLimits = defaultBatchLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#queue.length - this.#head;
  }

  /** Whether the next batch would be cut by a limit, so that waiting for more parcels gains nothing. */
  get full(): boolean {
    return this.size >= this.#limits.events || this.#bytes + this.size + envelopeBytes >= this.#limits.bytes;
  }

  fitsAlone(parcel: Parcel): boolean {
    return parcel.bytes + envelopeBytes <= this.#limits.bytes;
  }

  add(parcel: P): void {
    this.#queue.push(parcel);
    this.#bytes += parcel.bytes;
  }

  /** The next batch; empty when nothing waits. */
  take(): P[] {
    const batch: P[] = [];
    const ids = new Set<string>();
    const waiting: P[] = [];
    let bytes = envelopeBytes;
    while (this.#head < this.#queue.length && batch.length < this.#limits.events) {
      const next = this.#queue[this.#head]!;
      if (ids.has(next.id)) {
        waiting.push(next);
        this.#head++;
        continue;
      }
      const grown = bytes + next.bytes + (batch.length > 0 ? 1 : 0);
      if (grown > this.#limits.bytes && batch.length > 0) break;
      bytes = grown;
      ids.add(next.id);
      batch.push(next);
      this.#head++;
    }
    for (const taken of batch) this.#bytes -= taken.bytes;
    this.#compact(waiting);
    return batch;
  }

  #compact(waiting: P[]): void {
    if (waiting.length > 0) {
      this.#queue = [...waiting, ...this.#queue.slice(this.#head)];
      this.#head = 0;
    } else if (this.#head === this.#queue.length || this.#head > 10_000) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
  }
}
