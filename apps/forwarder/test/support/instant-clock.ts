import type { Clock } from "../../src/delivery/clock.ts";

/** A clock on which waiting takes no time: when nothing else happens, the earliest timer fires. */
export function instantClock(start = Date.UTC(2026, 0, 2)): Clock & { readonly delays: number[] } {
  const timers: { at: number; readonly callback: () => void }[] = [];
  const delays: number[] = [];
  let time = start;
  const fire = () => {
    timers.sort((a, b) => a.at - b.at);
    const next = timers.shift();
    if (next === undefined) return;
    time = Math.max(time, next.at);
    next.callback();
  };
  return {
    delays,
    now: () => time,
    monotonic: () => time - start,
    after(ms, callback) {
      delays.push(ms);
      const timer = { at: time + ms, callback };
      timers.push(timer);
      setImmediate(fire);
      return () => {
        const at = timers.indexOf(timer);
        if (at >= 0) timers.splice(at, 1);
      };
    },
  };
}
