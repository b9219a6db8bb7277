import { TributaryError } from "@tributary/schema";
import type { Json } from "../contract/json.ts";
import type { Page, Poll, PollHost } from "../contract/poll.ts";
import { backOff } from "./back-off.ts";
import type { PollClock } from "./poll-clock.ts";

export interface PollLoopOptions {
  readonly poll: Poll;
  readonly host: PollHost<unknown>;
  readonly clock: PollClock;
  readonly random: () => number;
  /** The last committed cursor; undefined for a first run. */
  readonly cursor: Json | undefined;
  /** Stores a page and its cursor in one transaction. What it throws ends the loop. */
  readonly commit: (page: Page) => Promise<void>;
  /** Told of every failure that is tried again, with the wait in ms. */
  readonly onTrouble?: ((error: TributaryError, waitMs: number) => void) | undefined;
}

/** Wait after an empty page, and after a generator that ended. */
const idleSeconds = 60;

/**
 * Drives a poller until the signal aborts: each page is committed before the next is asked for. A failure that may pass starts
 * a new generator from the last committed cursor, after a back-off. Throws what will not pass, and what `commit` throws.
 */
export async function pollLoop({
  poll,
  host,
  clock,
  random,
  commit,
  onTrouble,
  ...start
}: PollLoopOptions): Promise<void> {
  const { signal } = host;
  let cursor = start.cursor;
  let failures = 0;
  while (!signal.aborted) {
    const pages = poll.pages(cursor, host);
    for (;;) {
      const next = await pages.next().catch((error: unknown) => asFailure(error, poll));
      if (signal.aborted) break;
      if (next instanceof TributaryError) {
        if (!next.retryable) throw next;
        failures += 1;
        const waitMs = backOff(failures, random) + 1000;
        onTrouble?.(next, waitMs);
        await clock.sleep(waitMs, signal);
        break;
      }
      if (next.done === true) {
        await clock.sleep(idleSeconds * 1000, signal);
        break;
      }
      await commit(next.value);
      ({ cursor } = next.value);
      failures = 0;
      const wait = next.value.waitSeconds ?? (next.value.body.length === 0 ? idleSeconds : 0);
      if (wait > 0) await clock.sleep(wait * 1000, signal);
    }
    await pages.return();
  }
}

/** A poller throws what its host or the kit gave it; anything else is a fault of its own. */
function asFailure(error: unknown, poll: Poll): TributaryError {
  if (error instanceof TributaryError) return error;
  return new TributaryError(
    `A poller of ${poll.requestsPerMinute} requests a minute failed: ${error instanceof Error ? error.message : String(error)}`,
    { code: "POLL_FAULT", retryable: false, cause: error },
  );
}
