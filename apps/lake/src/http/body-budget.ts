/**
 * Bytes of request bodies held by all requests in progress, so that many large ones cannot fill the memory; of one peer's
 * address a part of them, so that one cannot take the room of all.
 */
export class BodyBudget {
  readonly #limit: number;
  readonly #peerLimit: number;
  #held = 0;
  readonly #peers = new Map<string, number>();

  constructor(limit: number, peerLimit = limit / 4) {
    this.#limit = limit;
    this.#peerLimit = peerLimit;
  }

  /** Bytes held now. */
  get held(): number {
    return this.#held;
  }

  /** Whether the peer's bytes fit; they are held until {@link give}. */
  take(peer: string, bytes: number): boolean {
    const ofPeer = (this.#peers.get(peer) ?? 0) + bytes;
    if (this.#held + bytes > this.#limit || ofPeer > this.#peerLimit) return false;
    this.#held += bytes;
    this.#peers.set(peer, ofPeer);
    return true;
  }

  give(peer: string, bytes: number): void {
    this.#held -= bytes;
    const left = (this.#peers.get(peer) ?? 0) - bytes;
    if (left > 0) this.#peers.set(peer, left);
    else this.#peers.delete(peer);
  }
}
