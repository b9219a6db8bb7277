import type { Failure } from "./classify-failure.ts";

/** So many in a row say that it is not about any of them. */
const most = 10;

/** One event that was refused alone, and of what. */
interface Suspect<P> {
  readonly parcel: P;
  readonly failure: Failure;
}

/**
 * Events that were refused alone, with status 400 and a name that nobody knows: by the service for what is in them, or by something
 * in between that takes nothing. Which of the two shows the next event that is taken, or that none is.
 */
export class Suspects<P> {
  #held: Suspect<P>[] = [];
  #hasTaken = false;

  get size(): number {
    return this.#held.length;
  }

  /** Too many of them in a row: nothing would be taken. */
  get areTooMany(): boolean {
    return this.#held.length >= most;
  }

  /** Whether the channel has taken an event at all, so that at the end of a queue they are at fault themselves. */
  get areProven(): boolean {
    return this.#hasTaken;
  }

  /** Of the last one; there must be one. */
  get failure(): Failure {
    return this.#held.at(-1)!.failure;
  }

  add(parcel: P, failure: Failure): void {
    this.#held.push({ parcel, failure });
  }

  /** An event was taken: those before it are at fault themselves. */
  taken(): readonly Suspect<P>[] {
    this.#hasTaken = true;
    return this.convicted();
  }

  /** They are, and are held no more. */
  convicted(): readonly Suspect<P>[] {
    return this.#held.splice(0);
  }
}
