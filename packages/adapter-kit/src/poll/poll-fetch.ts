import { TributaryError } from "@tributary/schema";
import type { Poll, PollHost } from "../contract/poll.ts";
import { backOff } from "./back-off.ts";
import type { PollClock } from "./poll-clock.ts";
import { requestBudget } from "./request-budget.ts";
import { VendorError } from "./vendor-error.ts";

export interface PollFetchOptions {
  /** The network, with time-outs and rules of addresses; follows no redirect. A `TributaryError` that is not retryable is not tried again. */
  readonly network: (request: Request) => Promise<Response>;
  readonly clock: PollClock;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
  readonly requestsPerMinute: number;
  readonly pause?: Poll["pause"];
  /** How often one request is sent before `VENDOR_UNAVAILABLE`. Default 8. */
  readonly attempts?: number | undefined;
  readonly signal: AbortSignal;
}

/** Statuses that mean "not now". */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
/** No vendor's pause is longer; a header that says more is an error of theirs. */
const longestPauseSeconds = 3600;

/** The `fetch` of a {@link PollHost}: budget, pauses, back-off with jitter, a bounded number of tries. */
export function pollFetch(options: PollFetchOptions): PollHost<unknown>["fetch"] {
  const { network, clock, random, pause, signal } = options;
  const attempts = options.attempts ?? 8;
  const admit = requestBudget(options.requestsPerMinute, clock);
  return async (url, init) => {
    let trouble: unknown;
    const { again = url, ...request } = init ?? {};
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      await admit(signal);
      let waitMs = backOff(attempt, random);
      try {
        const response = await network(
          new Request(attempt === 1 ? url : again, { redirect: "manual", ...request, signal }),
        );
        const asked = pauseOf(response, pause, clock.now());
        if (asked === undefined && !passing.has(response.status)) return response;
        trouble = new Error(`HTTP ${response.status}`);
        if (asked !== undefined) waitMs = Math.min(asked, longestPauseSeconds) * 1000 + waitMs;
        await response.body?.cancel();
      } catch (error) {
        signal.throwIfAborted();
        // A forbidden address stays one, however often it is asked for.
        if (error instanceof TributaryError && !error.retryable) throw error;
        trouble = error;
      }
      if (attempt < attempts) await clock.sleep(waitMs, signal);
      signal.throwIfAborted();
    }
    throw new VendorError(
      "VENDOR_UNAVAILABLE",
      `${url.host} did not answer ${attempts} times (${trouble instanceof Error ? trouble.message : "no answer"}); it is asked again later.`,
      trouble,
    );
  };
}

/** Seconds the vendor asks to wait, if this answer asks that. */
function pauseOf(response: Response, pause: Poll["pause"], now: number): number | undefined {
  const own = pause?.({ status: response.status, headers: response.headers }, now);
  if (own !== undefined) return Math.max(0, own);
  return passing.has(response.status) ? retryAfterSeconds(response.headers, now) : undefined;
}

/** Retry-After as seconds or as a date; undefined where it is neither. */
export function retryAfterSeconds(headers: Headers, now: number): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,6}$/.test(value)) return Number(value);
  const date = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}
