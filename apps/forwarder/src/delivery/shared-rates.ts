import type { Clock } from "./clock.ts";
import { RequestRate } from "./request-rate.ts";

/** One {@link RequestRate} for all that send to one endpoint and region with the same number: AWS counts them together. */
export class SharedRates {
  readonly #clock: Clock;
  readonly #rates = new Map<string, RequestRate>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Undefined for a rate of 0, which is no bound. */
  of(destination: {
    readonly endpoint: string | undefined;
    readonly region: string;
    readonly requestsPerSecond: number;
  }): RequestRate | undefined {
    const { endpoint = "", region, requestsPerSecond } = destination;
    if (requestsPerSecond === 0) return undefined;
    const key = `${endpoint} ${region} ${requestsPerSecond}`;
    let rate = this.#rates.get(key);
    if (rate === undefined) this.#rates.set(key, (rate = new RequestRate(requestsPerSecond, this.#clock.monotonic())));
    return rate;
  }
}
