/** Retries without a success before them. */
const reserve = 10;
/** What a success allows: one retry for every five. */
const share = 0.2;
const most = 100;

/**
 * Keeps retries a share of the successes, so that a server in trouble is not sent many times what it gets in peace. Whoever is
 * refused here keeps its place and asks again when something was answered.
 */
export class RetryBudget {
  #tokens = reserve;

  succeeded(): void {
    this.#tokens = Math.min(most, this.#tokens + share);
  }

  /** Whether one more retry is within the budget. */
  get isLeft(): boolean {
    return this.#tokens >= 1;
  }

  spend(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }
}
