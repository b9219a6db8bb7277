import type { Outcome } from "./courier-options.ts";
import type { Verdict } from "./read-answer.ts";

/** What an answer comes to for the parcels of its request. */
export interface Sorted<P> {
  readonly outcomes: readonly Outcome<P>[];
  /** To be sent again. */
  readonly again: readonly P[];
  /** How often the one of them was asked for again that was so most often. */
  readonly attempts: number;
  /** How many of `outcomes` are left. */
  readonly left: number;
}

/** Counts how often answers asked to send an event again, and gives up in time. */
export class EventRetries<P> {
  readonly #maxAttempts: number;
  readonly #counts = new Map<P, number>();

  constructor(maxAttempts: number) {
    this.#maxAttempts = maxAttempts;
  }

  /** @param verdicts of the parcels, in their order */
  sort(parcels: readonly P[], verdicts: readonly Verdict[]): Sorted<P> {
    const outcomes: Outcome<P>[] = [];
    const again: P[] = [];
    let [attempts, left] = [0, 0];
    for (const [index, parcel] of parcels.entries()) {
      const verdict = verdicts[index]!;
      const count = verdict.kind === "retry" ? (this.#counts.get(parcel) ?? 0) + 1 : 0;
      if (verdict.kind !== "retry") outcomes.push({ parcel, verdict });
      else if (count < this.#maxAttempts) {
        this.#counts.set(parcel, count);
        attempts = Math.max(attempts, count);
        again.push(parcel);
        continue;
      } else {
        left++;
        outcomes.push({ parcel, verdict: { kind: "left", code: verdict.code } });
      }
      this.forget(parcel);
    }
    return { outcomes, again, attempts, left };
  }

  forget(parcel: P): void {
    this.#counts.delete(parcel);
  }
}
