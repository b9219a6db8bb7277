import type { Clock } from "../delivery/clock.ts";
import type { Store } from "../state/store.ts";
import { sleep } from "./sleep.ts";

/** How often it looks, ms. */
const lookMs = 2000;

/** Wakes the delivery when dead letters are asked for, which another process does. Resolves when the signal aborts. */
export async function watchReplays(
  { asked }: Pick<Store, "asked">,
  wake: () => void,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      if ((await asked.next(1)).length > 0) wake();
    } catch {
      // The state cannot be read: it is looked at again.
    }
    await sleep(clock, lookMs, signal);
  }
}
