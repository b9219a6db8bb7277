/** PutAuditEvents requests a second that AWS takes of an account in a region. Spec 6. */
const quotaOfAws = 100;

/**
 * A token bucket: over any time of T seconds at most `perSecond` x T requests and a burst of a tenth of a second. A clock that
 * jumps costs nothing: back, and time stands still for the bucket; ahead, and it is full.
 */
export class RequestRate {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** @param perSecond more than 0 @param now ms */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = Math.max(1, Math.floor(perSecond / 10));
    this.#tokens = this.#burst;
    this.#at = now;
  }

  /** Takes the right to send one request: answers 0, or how many ms there is none. */
  take(now: number): number {
    const gained = (Math.max(0, now - this.#at) * this.#perSecond) / 1000;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#at = now;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / this.#perSecond);
    this.#tokens--;
    return 0;
  }
}

/** Requests a second where nobody says how many: AWS's quota there, no bound (0) on a lake of one's own. */
export function usualRate(endpoint: string | undefined): number {
  return endpoint === undefined ? quotaOfAws : 0;
}
