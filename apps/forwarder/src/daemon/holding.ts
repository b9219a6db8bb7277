import { untilAborted } from "./until-aborted.ts";

/** What runs while this process holds an integration. */
export interface HeldWork {
  /** Ends when the signal aborts. */
  readonly sources: (signal: AbortSignal) => Promise<unknown>;
  /** @param finish what is queued is sent, then it ends @param deadline nothing more is sent */
  readonly deliver: (finish: AbortSignal, deadline: AbortSignal) => Promise<void>;
}

/** The time in which this process holds an integration: its sources and its delivery run from its begin to its end. */
export class Holding {
  /** Of its lease; 0 where the state is a file, which one process holds as a whole. */
  readonly epoch: number;
  /** Resolves when nothing of it runs any more: before that the process must not hold the integration again. */
  readonly ended: Promise<void>;
  readonly #stopSources = new AbortController();
  readonly #finish = new AbortController();
  readonly #deadline = new AbortController();
  readonly #sources: Promise<unknown>;
  readonly #delivering: Promise<void>;

  constructor(epoch: number, work: HeldWork) {
    this.epoch = epoch;
    this.#sources = work.sources(this.#stopSources.signal);
    this.#delivering = work.deliver(this.#finish.signal, this.#deadline.signal);
    this.ended = Promise.all([this.#sources, this.#delivering]).then(() => undefined);
  }

  get isEnding(): boolean {
    return this.#stopSources.signal.aborted;
  }

  /**
   * Ends the sources, then sends what is queued. Resolves when all of it is sent, or the channel refuses, or the deadline aborts;
   * what is left stays queued.
   */
  async end(deadline: AbortSignal): Promise<void> {
    this.#stopSources.abort();
    // A poller that does not heed its signal must not hold the process.
    await Promise.race([this.#sources, untilAborted(deadline)]);
    this.#finish.abort();
    if (deadline.aborted) this.#deadline.abort();
    else deadline.addEventListener("abort", () => this.#deadline.abort(), { once: true });
    await this.#delivering;
  }
}
