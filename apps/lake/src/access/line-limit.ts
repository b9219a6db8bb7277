/** A token bucket for lines that a stranger can cause: `burst` at once, then `perSecond`. What is over is counted. */
export class LineLimit {
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #monotonic: () => number;
  #tokens: number;
  #filledAt: number;
  #omitted = 0;

  /** `monotonic`: milliseconds that never go back. */
  constructor(burst: number, perSecond: number, monotonic: () => number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#monotonic = monotonic;
    this.#tokens = burst;
    this.#filledAt = monotonic();
  }

  take(): boolean {
    const now = this.#monotonic();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filledAt) * this.#perSecond) / 1000);
    this.#filledAt = now;
    if (this.#tokens < 1) {
      this.#omitted += 1;
      return false;
    }
    this.#tokens -= 1;
    return true;
  }

  /** How many were refused since it was last asked. */
  takeOmitted(): number {
    const omitted = this.#omitted;
    this.#omitted = 0;
    return omitted;
  }
}
