import type { Clock } from "../../src/delivery/clock.ts";

/** Time that a test moves: nothing happens between two timers. */
export interface VirtualClock extends Clock {
  /** Fires timers in the order of their time, and lets promises settle after each, until there is none or `ms` have passed. */
  run(ms?: number): Promise<void>;
  /** Moves the time of day alone, as a person or NTP does. */
  jump(ms: number): void;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

export function virtualClock(start = Date.UTC(2026, 0, 2)): VirtualClock {
  const timers = new Set<{ readonly at: number; readonly order: number; readonly callback: () => void }>();
  let elapsed = 0;
  let shift = 0;
  let order = 0;
  return {
    now: () => start + shift + elapsed,
    monotonic: () => elapsed,
    after(ms, callback) {
      const timer = { at: elapsed + ms, order: order++, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async run(ms = Number.POSITIVE_INFINITY) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        let next: (typeof timers extends Set<infer T> ? T : never) | undefined;
        for (const timer of timers)
          if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order))
            next = timer;
        if (next === undefined || next.at > end) break;
        timers.delete(next);
        elapsed = next.at;
        next.callback();
        await settle();
      }
      if (Number.isFinite(end)) elapsed = end;
    },
    jump(ms) {
      shift += ms;
    },
  };
}
