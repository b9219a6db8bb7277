import type { Batch } from "./batch.ts";
import type { BatchLimits } from "./batcher.ts";
import type { Clock } from "./clock.ts";
import { envelopeBytes, type Parcel } from "./parcel.ts";

/** Batches that were sent before: those whose time has not come, and those that may go. */
export class ResendQueue<P extends Parcel> {
  readonly #clock: Clock;
  readonly #limits: BatchLimits;
  readonly #onDue: () => void;
  readonly #timers = new Set<() => void>();
  #due: Batch<P>[] = [];
  /** Parcels in here, due or not. */
  parcels = 0;
  /** Batches whose time has not come. */
  delayed = 0;

  constructor(clock: Clock, limits: BatchLimits, onDue: () => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onDue = onDue;
  }

  /** The next that may go. */
  get next(): Batch<P> | undefined {
    return this.#due[0];
  }

  later(batch: Batch<P>, ms: number): void {
    this.delayed++;
    this.parcels += batch.parcels.length;
    const cancel = this.#clock.after(ms, () => {
      this.#timers.delete(cancel);
      this.delayed--;
      this.#due.push(batch);
      this.#onDue();
    });
    this.#timers.add(cancel);
  }

  /** Puts batches before all others. */
  first(batches: readonly Batch<P>[]): void {
    for (const { parcels } of batches) this.parcels += parcels.length;
    this.#due.unshift(...batches);
  }

  /** Takes the next, together with as many others of kind `events` as make one request. There must be one. */
  take(): Batch<P> {
    const first = this.#due.shift()!;
    this.parcels -= first.parcels.length;
    if (first.kind !== "events" || this.#due.length === 0) return first;
    const parcels = [...first.parcels];
    const ids = new Set(parcels.map(({ id }) => id));
    let bytes = parcels.reduce((sum, parcel) => sum + parcel.bytes + 1, envelopeBytes - 1);
    this.#due = this.#due.filter((batch) => {
      const grown = batch.parcels.reduce((sum, parcel) => sum + parcel.bytes + 1, bytes);
      const joins =
        batch.kind === "events" &&
        parcels.length + batch.parcels.length <= this.#limits.events &&
        grown <= this.#limits.bytes &&
        !batch.parcels.some(({ id }) => ids.has(id));
      if (!joins) return true;
      for (const parcel of batch.parcels) ids.add(parcel.id);
      parcels.push(...batch.parcels);
      bytes = grown;
      this.parcels -= batch.parcels.length;
      return false;
    });
    return { parcels, kind: "events", failures: 0 };
  }

  /** No time comes any more; what is in here stays. */
  stop(): void {
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }
}
