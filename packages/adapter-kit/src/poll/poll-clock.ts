/** Time as a poller's host sees it. Tests own it. */
export interface PollClock {
  /** ms since 1970. */
  now(): number;
  /** Ends after so many ms, or at once when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
