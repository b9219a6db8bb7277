/** Bytes of a source from `position` on. */
export interface Piece {
  readonly position: number;
  readonly bytes: Uint8Array;
}

const largestPiece = 1_000_000;

/**
 * Sits between a source and its framer. A frame that is longer than the framer's limit comes out cut; what is beyond the
 * limit passes here and is handed to `keep` piece by piece, in order, before the frame ends: the original is whole on disk
 * and never in memory. Also handed over is what only might have been such a record; whoever keeps it forgets it later.
 */
export class OverlongTap {
  /** End of the last frame that came out. */
  ended = 0;
  readonly #limit: number;
  readonly #from: number;
  readonly #keep: (piece: Piece) => Promise<void>;

  /** @param from what lies before was dealt with by an earlier run */
  constructor(limit: number, from: number, keep: (piece: Piece) => Promise<void>) {
    this.#limit = limit;
    this.#from = from;
    this.#keep = keep;
  }

  async *pass(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
    let position = 0;
    for await (const chunk of source) {
      const step = Math.min(this.#limit, largestPiece);
      const end = position + chunk.length;
      for (let at = Math.max(position, this.ended + this.#limit, this.#from); at < end; at += step)
        await this.#keep({ position: at, bytes: chunk.subarray(at - position, at - position + step) });
      position = end;
      yield chunk;
    }
  }
}
