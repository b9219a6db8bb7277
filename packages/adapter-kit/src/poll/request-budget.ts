import type { PollClock } from "./poll-clock.ts";

const minute = 60_000;

/** Lets at most so many requests through in any 60 seconds; the others wait their turn. */
export function requestBudget(requestsPerMinute: number, clock: PollClock): (signal: AbortSignal) => Promise<void> {
  const sent: number[] = [];
  return async (signal) => {
    for (;;) {
      const now = clock.now();
      // A clock that was set back must not stop a poller for hours.
      while (sent.length > 0 && (sent[0]! <= now - minute || sent[0]! > now)) sent.shift();
      if (sent.length < requestsPerMinute) {
        sent.push(now);
        return;
      }
      await clock.sleep(sent[0]! + minute - now, signal);
      signal.throwIfAborted();
    }
  };
}
