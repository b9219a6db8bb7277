import { Condition } from "../delivery/condition.ts";

/** Bytes of unsettled events in a process above which flows wait for each other. A flow alone needs a third of it. */
const defaultMost = 32_000_000;

/**
 * The memory that all flows of a process share for events on their way. Each keeps chunks in memory; hundreds of them at work at
 * once must not take hundreds of times as much. Who waits is let in in turn; a flow that holds nothing is let in up to twice the
 * limit, so that one whose channel does not answer, and which holds what it has, stops no other.
 */
export class MemoryRoom {
  readonly #most: number;
  readonly #changes = new Condition();
  #held = 0;

  /** @param most bytes */
  constructor(most = defaultMost) {
    this.#most = most;
  }

  /** Bytes that all shares hold. */
  get held(): number {
    return this.#held;
  }

  /** Whether a share that holds so much may have a chunk now. */
  takes(held: number): boolean {
    return this.#held < this.#most || (held === 0 && this.#held < 2 * this.#most);
  }

  /** Resolves once `until` holds; it is looked at when something is given back, and at {@link lookAgain}. */
  when(until: () => boolean): Promise<void> {
    return this.#changes.when(until);
  }

  lookAgain(): void {
    this.#changes.changed();
  }

  /** @param bytes below 0: given back */
  add(bytes: number): void {
    this.#held += bytes;
    if (bytes < 0) this.#changes.changed();
  }
}
