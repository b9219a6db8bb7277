import type { Destination } from "./destination.ts";
import type { DestinationStatus } from "./integration-status.ts";

/** All channels that the records of one integration go to. */
export class Destinations {
  readonly #all: readonly Destination[];

  constructor(all: readonly Destination[]) {
    this.#all = all;
  }

  /** {@link Destination.run} of each, to its end. */
  async run(finish: AbortSignal, deadline: AbortSignal): Promise<void> {
    await Promise.all(this.#all.map((one) => one.run(finish, deadline)));
  }

  /** {@link Destination.watch} of each. */
  watch(signal: AbortSignal): readonly Promise<void>[] {
    return this.#all.map((one) => one.watch(signal));
  }

  /** There may be work in the state. */
  wake(): void {
    for (const one of this.#all) one.wake();
  }

  /** Ends what waits after a refusal. */
  release(): void {
    for (const one of this.#all) one.release();
  }

  close(): void {
    for (const one of this.#all) one.close();
  }

  /** Records that are queued for each. */
  backlogs(): Promise<readonly number[]> {
    return Promise.all(this.#all.map((one) => one.backlog()));
  }

  status(): Promise<readonly DestinationStatus[]> {
    return Promise.all(this.#all.map((one) => one.status()));
  }
}
