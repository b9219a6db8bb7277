import type { LiveChunk } from "./live-chunk.ts";
import type { MemoryRoom } from "./memory-room.ts";

/** What a chunk is taken for until it is mapped. */
const chunkBytes = 1_500_000;

/** What one flow holds of a room: its chunks that are not settled, and those that it expects. */
export class MemoryShare {
  readonly #room: MemoryRoom;
  readonly #chunks = new Set<Pick<LiveChunk, "open" | "bytes">>();
  #held = 0;
  #expected = 0;

  constructor(room: MemoryRoom) {
    this.#room = room;
  }

  /** Whether a chunk may be let in now. */
  get isRoom(): boolean {
    return this.#room.takes(this.#held);
  }

  /** Lets a chunk in when there is room, or where the flow is over and gives nothing back. */
  async enter(isOver: () => boolean): Promise<void> {
    await this.#room.when(() => {
      if (!isOver() && !this.isRoom) return false;
      this.#expected++;
      this.#add(chunkBytes);
      return true;
    });
  }

  /** A chunk is there, of those that were let in. */
  hold(chunk: Pick<LiveChunk, "open" | "bytes">): void {
    this.#chunks.add(chunk);
    const known = this.#expected > 0 ? chunkBytes : 0;
    this.#expected = Math.max(0, this.#expected - 1);
    this.#add(chunk.bytes - known);
  }

  /** One that was let in does not come. */
  skip(): void {
    if (this.#expected === 0) return;
    this.#expected--;
    this.#add(-chunkBytes);
  }

  /** Gives back what is settled, and looks again whether the flow is over. */
  giveBack(): void {
    for (const chunk of this.#chunks) {
      if (chunk.open > 0) continue;
      this.#chunks.delete(chunk);
      this.#add(-chunk.bytes);
    }
    this.#room.lookAgain();
  }

  /** The flow has ended, and holds nothing. */
  leave(): void {
    this.#chunks.clear();
    this.#expected = 0;
    this.#add(-this.#held);
  }

  #add(bytes: number): void {
    this.#held += bytes;
    this.#room.add(bytes);
  }
}
