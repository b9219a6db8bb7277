import type { Clock } from "../../src/delivery/clock.ts";
import { settled } from "./turns.ts";

const began = Date.UTC(2026, 0, 2);

interface Timer {
  /** ms of the world; of a process, of its monotonic clock. */
  readonly at: number;
  readonly order: number;
  readonly owner: ProcessTime | undefined;
  readonly callback: () => void;
}

/** Time of a world and of all processes in it: nothing happens between two timers. */
export class Timeline {
  /** ms since the world began. */
  elapsed = 0;
  readonly #timers = new Set<Timer>();
  #order = 0;

  /** ms since 1970, by a clock that is right. */
  get now(): number {
    return began + Math.floor(this.elapsed);
  }

  /** Calls back once after `ms`; the answer cancels. */
  after(ms: number, callback: () => void, owner?: ProcessTime): () => void {
    const timer = { at: (owner?.monotonic() ?? this.elapsed) + ms, order: this.#order++, owner, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.after(ms, resolve));
  }

  /** Fires timers in the order of their time, and lets all that they set going settle after each. */
  async pass(ms: number): Promise<void> {
    const end = this.elapsed + ms;
    await settled();
    for (;;) {
      let next: { readonly timer: Timer; readonly at: number } | undefined;
      for (const timer of this.#timers) {
        if (timer.owner?.state === "dead") this.#timers.delete(timer);
        if (timer.owner !== undefined && timer.owner.state !== "alive") continue;
        const at = timer.at + (timer.owner?.behind ?? 0);
        if (next === undefined || at < next.at || (at === next.at && timer.order < next.timer.order))
          next = { timer, at };
      }
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next.timer);
      this.elapsed = Math.max(this.elapsed, next.at);
      next.timer.callback();
      await settled();
    }
    this.elapsed = end;
  }
}

/** The clocks of one process, which may be stopped for a while, or for good. */
export class ProcessTime implements Clock {
  state: "alive" | "stopped" | "dead" = "alive";
  /** How often it was stopped. */
  stops = 0;
  /** ms that its monotonic clock stood still. */
  behind = 0;
  readonly #timeline: Timeline;
  #shift: number;
  #suspendedAt: number | undefined;
  #goOn: (() => void)[] = [];

  /** @param shift of its time of day, ms */
  constructor(timeline: Timeline, shift: number) {
    this.#timeline = timeline;
    this.#shift = shift;
  }

  now(): number {
    return this.#timeline.now + this.#shift;
  }

  monotonic(): number {
    return (this.#suspendedAt ?? this.#timeline.elapsed) - this.behind;
  }

  after(ms: number, callback: () => void): () => void {
    return this.#timeline.after(ms, callback, this);
  }

  /** The time of day is off by so much from now on; no other clock is. */
  jump(ms: number): void {
    this.#shift = ms;
  }

  /** Where a process meets the world: it passes unless it is stopped or dead. */
  async gate(): Promise<void> {
    while (this.state === "stopped") await new Promise<void>((resolve) => this.#goOn.push(resolve));
    if (this.state === "dead") await new Promise<never>(() => undefined);
  }

  /** @param isSuspended its machine stands still, and with it the monotonic clock; else a signal stops the process alone */
  stop(isSuspended: boolean): void {
    if (this.state !== "alive") return;
    this.state = "stopped";
    this.stops++;
    if (isSuspended) this.#suspendedAt = this.#timeline.elapsed;
  }

  continue(): void {
    if (this.state !== "stopped") return;
    this.state = "alive";
    if (this.#suspendedAt !== undefined) this.behind += this.#timeline.elapsed - this.#suspendedAt;
    this.#suspendedAt = undefined;
    for (const goOn of this.#goOn.splice(0)) goOn();
  }

  die(): void {
    this.state = "dead";
  }
}
