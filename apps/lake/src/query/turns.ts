/** At most `limit` holders at once; the others wait in the order they came. */
export class Turns {
  readonly #limit: number;
  #held = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with the call that gives the turn back. Rejects with the signal's reason when it aborts first. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#held < this.#limit) this.#held++;
    else {
      const mine = await new Promise<boolean>((resolve) => {
        const turn = (): void => {
          signal.removeEventListener("abort", abort);
          resolve(true);
        };
        const abort = (): void => {
          this.#waiting.splice(this.#waiting.indexOf(turn), 1);
          resolve(false);
        };
        signal.addEventListener("abort", abort, { once: true });
        this.#waiting.push(turn);
      });
      if (!mine) throw signal.reason;
    }
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#held--;
      else next();
    };
  }
}
