/** The bytes of a record under way: its length, and no more of it than a limit and one byte. */
export class HeldBytes {
  readonly #limit: number;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #length = 0;
  #last = -1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds a copy of the chunk's bytes from `from` up to `to`. */
  add(chunk: Uint8Array, from: number, to: number): void {
    if (to <= from) return;
    const room = Math.min(to - from, this.#limit + 1 - this.#held);
    if (room > 0) {
      this.#pieces.push(chunk.slice(from, from + room));
      this.#held += room;
    }
    this.#length += to - from;
    this.#last = chunk[to - 1]!;
  }

  /** Empties it. Answers its bytes, cut at the limit, without a carriage return at the end where `line` says so. */
  take(line: boolean): { readonly bytes: Uint8Array; readonly tooLong?: true } {
    const length = line && this.#last === 13 ? this.#length - 1 : this.#length;
    const kept = Math.min(length, this.#limit);
    let bytes = this.#pieces.length === 1 ? this.#pieces[0]! : new Uint8Array(this.#held);
    if (this.#pieces.length > 1) {
      let at = 0;
      for (const piece of this.#pieces) {
        bytes.set(piece, at);
        at += piece.length;
      }
    }
    bytes = bytes.subarray(0, kept);
    this.clear();
    return length > this.#limit ? { bytes, tooLong: true } : { bytes };
  }

  clear(): void {
    this.#pieces = [];
    this.#held = 0;
    this.#length = 0;
    this.#last = -1;
  }
}
