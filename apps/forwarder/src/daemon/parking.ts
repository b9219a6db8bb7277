import type { Clock } from "../delivery/clock.ts";
import { sleep } from "./sleep.ts";
import { untilAborted } from "./until-aborted.ts";

/** Why a part of an integration does not work, in words of the status. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

export interface ParkingOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** The first wait; doubles with each park in a row, up to 16 times as long. */
  readonly seconds: number;
  /** Told of each reason, and of the end of the last one. `waitSeconds` is undefined where it waits for a person. */
  readonly onChange: (reason: Reason | undefined, waitSeconds: number | undefined) => void;
  /** Told once that the part works in this process: what an earlier one said of it is over. */
  readonly onWorks: () => void;
}

/** A server that asks to wait for longer is asked after so many seconds all the same. */
const longestAsked = 86_400;

/** Lets a part of an integration wait after a refusal and try again by itself, ever less often, while the others go on. */
export class Parking {
  readonly #options: ParkingOptions;
  #reason: Reason | undefined;
  #inARow = 0;
  #release: AbortController | undefined;
  #hasWorked = false;

  constructor(options: ParkingOptions) {
    this.#options = options;
  }

  /** Why it waits, or waited until its last try; undefined when the last try went well. */
  get reason(): Reason | undefined {
    return this.#reason;
  }

  /**
   * Resolves when the wait is over, at {@link release}, or when the signal aborts.
   * @param wait.forPerson until it is released @param wait.atLeastMs not before, whatever is usual
   */
  async park(
    reason: Reason,
    signal: AbortSignal,
    {
      forPerson = false,
      atLeastMs = 0,
    }: { readonly forPerson?: boolean; readonly atLeastMs?: number | undefined } = {},
  ): Promise<void> {
    const { clock, random, seconds, onChange } = this.#options;
    const longest = seconds * 2 ** Math.min(this.#inARow++, 4);
    const waitSeconds = Math.max(longest * (0.75 + random() / 4), Math.min(atLeastMs / 1000, longestAsked));
    this.#reason = reason;
    onChange(reason, forPerson ? undefined : waitSeconds);
    this.#release = new AbortController();
    const either = AbortSignal.any([signal, this.#release.signal]);
    await (forPerson ? untilAborted(either) : sleep(clock, waitSeconds * 1000, either));
  }

  /** What an earlier process said of the part is over; what is still so is said again. */
  begin(): void {
    if (this.#hasWorked) return;
    this.#hasWorked = true;
    this.#options.onWorks();
  }

  /** The part works. */
  clear(): void {
    this.#inARow = 0;
    this.begin();
    if (this.#reason === undefined) return;
    this.#reason = undefined;
    this.#options.onChange(undefined, 0);
  }

  /** Ends the wait now: a person has changed something. */
  release(): void {
    this.#inARow = 0;
    this.#release?.abort();
  }
}
