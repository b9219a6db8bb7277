import type { Clock } from "../delivery/clock.ts";
import { sleep } from "./sleep.ts";

/** Calls back again and again, `ms` apart. Resolves when the signal aborts. */
export async function every(ms: number, callback: () => void, clock: Clock, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    callback();
    await sleep(clock, ms, signal);
  }
}
