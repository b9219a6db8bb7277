import { Occurrences, withoutBlanks } from "../pipeline/occurrences.ts";

/** Messages that are remembered at least; twice as many at most: 10 MB. */
const remembered = 200_000;

/**
 * Counts equal messages of one sender, without an end of the stream: only among the last 200,000 to 400,000 of all senders. Messages
 * that are farther apart and have a time are not equal; those without one are told apart by their time of receipt.
 */
export class RecentOccurrences {
  readonly #remembered: number;
  #now = new Occurrences();
  #before = new Occurrences();
  #counted = 0;

  constructor(most = remembered) {
    this.#remembered = most;
  }

  /** How many equal messages of this sender came before. */
  count(peer: string, message: Uint8Array): number {
    if (this.#counted++ >= this.#remembered) {
      this.#before = this.#now;
      this.#now = new Occurrences();
      this.#counted = 1;
    }
    const key = Buffer.concat([Buffer.from(`${peer}\0`), withoutBlanks(message)]);
    return this.#before.seen(key) + this.#now.count(key);
  }
}
