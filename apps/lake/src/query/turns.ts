interface Waiter {
  readonly give: () => void;
}

/**
 * At most `limit` holders at once. A turn that is free goes to the account that holds the fewest; among equals to the one that
 * was given one longest ago; within an account in the order they came. So however much one account asks for, another's next
 * one waits for one turn to end and for each other account once.
 */
export class Turns {
  readonly #limit: number;
  #held = 0;
  #given = 0;
  readonly #heldBy = new Map<string, number>();
  /** When an account was last given a turn, as a count of turns. An entry for each account that ever asked. */
  readonly #lastOf = new Map<string, number>();
  readonly #waiting = new Map<string, Waiter[]>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with the call that gives the turn back. Rejects with the signal's reason when it aborts first. */
  async take(account: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#held < this.#limit) this.#hold(account);
    else if (!(await this.#wait(account, signal))) throw signal.reason;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#release(account);
    };
  }

  /** False when the signal aborted first. */
  #wait(account: string, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const waiter = {
        give: (): void => {
          signal.removeEventListener("abort", abort);
          resolve(true);
        },
      };
      const abort = (): void => {
        this.#leave(account, waiter);
        resolve(false);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.set(account, [...(this.#waiting.get(account) ?? []), waiter]);
    });
  }

  #leave(account: string, waiter: Waiter): void {
    const left = (this.#waiting.get(account) ?? []).filter((other) => other !== waiter);
    if (left.length > 0) this.#waiting.set(account, left);
    else this.#waiting.delete(account);
  }

  #hold(account: string): void {
    this.#held++;
    this.#heldBy.set(account, (this.#heldBy.get(account) ?? 0) + 1);
    this.#lastOf.set(account, ++this.#given);
  }

  #release(account: string): void {
    this.#held--;
    const left = (this.#heldBy.get(account) ?? 1) - 1;
    if (left > 0) this.#heldBy.set(account, left);
    else this.#heldBy.delete(account);
    const next = this.#next();
    const waiter = next === undefined ? undefined : this.#waiting.get(next)?.[0];
    if (next === undefined || waiter === undefined) return;
    this.#leave(next, waiter);
    this.#hold(next);
    waiter.give();
  }

  #next(): string | undefined {
    const order = (account: string): readonly [number, number] => [
      this.#heldBy.get(account) ?? 0,
      this.#lastOf.get(account) ?? 0,
    ];
    return [...this.#waiting.keys()].toSorted((one, other) => {
      const [held, last] = order(one);
      const [otherHeld, otherLast] = order(other);
      return held - otherHeld || last - otherLast;
    })[0];
  }
}
