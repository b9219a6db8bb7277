import { AdaptiveConcurrency, type Flight } from "./adaptive-concurrency.ts";
import type { Clock } from "./clock.ts";
import type { RequestRate } from "./request-rate.ts";
import { RetryBudget } from "./retry-budget.ts";

export interface PaceOptions {
  readonly clock: Clock;
  /** Requests in flight at most. */
  readonly most: number;
  readonly rate: RequestRate | undefined;
  /** A wait is over. */
  readonly onOpen: () => void;
}

/**
 * When the next request may leave: within the concurrency that the server takes, the rate of its quota, the budget of retries,
 * and not while the server asks to wait.
 */
export class Pace {
  readonly #options: PaceOptions;
  readonly #concurrency: AdaptiveConcurrency;
  readonly #budget = new RetryBudget();
  #inFlight = 0;
  #failuresInARow = 0;
  #failingSince = 0;
  #wait: { readonly until: number; readonly cancel: () => void } | undefined;

  constructor(options: PaceOptions) {
    this.#options = options;
    this.#concurrency = new AdaptiveConcurrency({ most: options.most });
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Requests that may be in flight now: one at a time while the channel fails, until one is answered. */
  get limit(): number {
    return this.isFailing ? 1 : this.#concurrency.limit;
  }

  /** As many failures in a row as requests may be in flight. */
  get isFailing(): boolean {
    return this.#failuresInARow >= this.#concurrency.limit;
  }

  get isOpen(): boolean {
    return this.#wait === undefined && this.#inFlight < this.limit;
  }

  /** Over the budget one retry at a time is a probe: there may be no success that could pay for it. */
  get takesRetry(): boolean {
    return this.#budget.isLeft || this.#inFlight === 0;
  }

  /** How long no request was answered, ms. */
  get failingMs(): number {
    return this.#failuresInARow === 0 ? 0 : this.#options.clock.monotonic() - this.#failingSince;
  }

  /** A request leaves now; undefined where the rate does not allow it yet, and then `onOpen` tells when. */
  start(isRetry: boolean): Flight | undefined {
    const now = this.#options.clock.monotonic();
    const waitMs = this.#options.rate?.take(now) ?? 0;
    if (waitMs > 0) {
      this.waitFor(waitMs);
      return undefined;
    }
    if (isRetry) this.#budget.spend();
    this.#inFlight++;
    return this.#concurrency.start(now);
  }

  /** It was answered. */
  answered(flight: Flight, answer: { readonly delivered: number; readonly isThrottled: boolean }): void {
    this.#failuresInARow = 0;
    if (answer.delivered > 0) this.#budget.succeeded();
    if (answer.isThrottled) this.#concurrency.pushedBack(flight);
    else this.#concurrency.answered(flight, this.#inFlight, this.#options.clock.monotonic());
    this.#inFlight--;
  }

  /** It was refused for what is in it: the server works. */
  refused(): void {
    this.#failuresInARow = 0;
    this.#inFlight--;
  }

  /** It was throttled, or not answered. */
  failed(flight: Flight): void {
    if (this.#failuresInARow++ === 0) this.#failingSince = this.#options.clock.monotonic();
    this.#concurrency.pushedBack(flight);
    this.#inFlight--;
  }

  /** Nothing leaves for so long. Of two waits the later end counts. */
  waitFor(ms: number): void {
    const { clock, onOpen } = this.#options;
    const until = clock.monotonic() + ms;
    if (this.#wait !== undefined && this.#wait.until >= until) return;
    this.#wait?.cancel();
    const cancel = clock.after(ms, () => {
      this.#wait = undefined;
      onOpen();
    });
    this.#wait = { until, cancel };
  }

  stop(): void {
    this.#wait?.cancel();
  }
}
