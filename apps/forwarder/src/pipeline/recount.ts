import { type State, states, type Store } from "../state/store.ts";

/**
 * Counts the records of a run's chunks again, from the committed states: what the ledger believes is held against what
 * the next run would find.
 */
export class Recount {
  readonly #store: Store;
  /** Chunk -> its states when this run took it up; undefined for a chunk of this run. */
  readonly #chunks = new Map<number, Uint8Array | undefined>();

  constructor(store: Store) {
    this.#store = store;
  }

  add(chunk: number, before: Uint8Array | undefined): void {
    this.#chunks.set(chunk, before === undefined ? undefined : Uint8Array.from(before));
  }

  async count(): Promise<Record<State, number>> {
    const counts = [0, 0, 0, 0, 0, 0];
    for (const [chunk, before] of this.#chunks) {
      const now = (await this.#store.states(chunk)) ?? new Uint8Array();
      for (const [record, state] of now.entries())
        if (before === undefined || before[record] === states.queued) counts[state] = (counts[state] ?? 0) + 1;
    }
    const [queued = 0, delivered = 0, already = 0, changed = 0, dead = 0, dropped = 0] = counts;
    return { queued, delivered, already, changed, dead, dropped };
  }
}
