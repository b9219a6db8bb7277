import { WireError } from "../http/wire-error.ts";
import type { Rates } from "./quotas.ts";

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * How often an account may call an operation: a token bucket for each pair, which holds what may be called in one second and
 * is full at first. Without rates nothing is refused. Spec section 6.
 */
export class RateLimits {
  readonly #rates: Rates | undefined;
  readonly #monotonic: () => number;
  /** Callers are authenticated and operations known, so it stays small. */
  readonly #buckets = new Map<string, Bucket>();

  /** `monotonic`: milliseconds that never go back. */
  constructor(rates: Rates | undefined, monotonic: () => number) {
    this.#rates = rates;
    this.#monotonic = monotonic;
  }

  /** Counts a call of a known operation. Throws ThrottlingException 429, saying after how many seconds to call again. */
  take(accountId: string, operation: string): void {
    if (this.#rates === undefined) return;
    const rate = rateOf(this.#rates, operation);
    if (rate === undefined) return;
    const now = this.#monotonic();
    const key = `${accountId}/${operation}`;
    const { tokens: before, filledAt } = this.#buckets.get(key) ?? { tokens: rate, filledAt: now };
    const tokens = Math.min(rate, before + ((now - filledAt) * rate) / 1000);
    const allowed = tokens >= 1;
    this.#buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, filledAt: now });
    if (allowed) return;
    throw new WireError(
      "ThrottlingException",
      `The account may call ${operation} ${rate} time${rate === 1 ? "" : "s"} a second. Call again later.`,
      { status: 429, retryAfter: Math.max(1, Math.ceil((1 - tokens) / rate)) },
    );
  }
}

function rateOf(rates: Rates, operation: string): number | undefined {
  if (operation === "PutAuditEvents") return rates.putAuditEvents;
  if (operation === "StartQuery" || operation === "CancelQuery") return rates.query;
  return /^(?:Get|Describe|List)/.test(operation) ? rates.read : rates.other;
}
