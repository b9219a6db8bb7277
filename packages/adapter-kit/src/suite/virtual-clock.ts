import type { PollClock } from "../poll/poll-clock.ts";

/** A clock that a test owns: sleeping moves it on, nothing else waits. */
export class VirtualClock implements PollClock {
  #now: number;

  constructor(start: number) {
    this.#now = start;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (signal?.aborted !== true) this.#now += Math.max(0, ms);
    return Promise.resolve();
  };

  /** What a request, or anything else that takes time, adds. */
  advance(ms: number): void {
    this.#now += ms;
  }
}
