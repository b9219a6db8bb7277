/** One request, as {@link AdaptiveConcurrency} knows it. */
export interface Flight {
  /** 1 for the first request. */
  readonly number: number;
  /** ms, of the clock that the caller uses. */
  readonly startedAt: number;
}

export interface ConcurrencyOptions {
  /** Never more in flight than this. */
  readonly most: number;
  /** In flight at the beginning, 4 by default. */
  readonly first?: number | undefined;
}

/** How long the fastest answer is the measure, ms: a server that became slower for good is measured anew. */
const memoryMs = 60_000;

/** An answer that took longer than the fastest by this factor, and by so many ms, waited in a queue. */
const slowness = { factor: 2, ms: 10 };

/**
 * How many requests may be in flight (additive increase, multiplicative decrease): one more with every full round of answers
 * that are good and about as fast as the fastest known, twice as many a round until the first trouble, half of it when the
 * server pushes back or does not answer. What was sent before a decrease does not decrease again.
 */
export class AdaptiveConcurrency {
  readonly #most: number;
  #limit: number;
  #isStarting = true;
  #sent = 0;
  /** Flights up to this number were sent under an earlier limit. */
  #decreasedAt = 0;
  #fastest = Number.POSITIVE_INFINITY;
  #fastestSince = 0;

  constructor({ most, first = 4 }: ConcurrencyOptions) {
    this.#most = most;
    this.#limit = Math.min(most, first);
  }

  /** 1 or more. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** A request leaves. @param now ms */
  start(now: number): Flight {
    return { number: ++this.#sent, startedAt: now };
  }

  /**
   * A request was answered, and nothing in the answer asks for less.
   * @param inFlight requests in flight, this one included: a limit that nobody reaches is not raised
   */
  answered({ startedAt }: Flight, inFlight: number, now: number): void {
    const took = Math.max(0, now - startedAt);
    if (now - this.#fastestSince > memoryMs || now < this.#fastestSince) {
      this.#fastest = took;
      this.#fastestSince = now;
    }
    this.#fastest = Math.min(this.#fastest, took);
    if (inFlight < this.limit) return;
    if (took > Math.max(this.#fastest * slowness.factor, this.#fastest + slowness.ms)) {
      this.#isStarting = false;
      return;
    }
    this.#limit = Math.min(this.#most, this.#limit + (this.#isStarting ? 1 : 1 / this.#limit));
  }

  /** The server throttled, failed or did not answer. */
  pushedBack({ number }: Flight): void {
    if (number <= this.#decreasedAt) return;
    this.#decreasedAt = this.#sent;
    this.#isStarting = false;
    this.#limit = Math.max(1, this.#limit / 2);
  }
}
