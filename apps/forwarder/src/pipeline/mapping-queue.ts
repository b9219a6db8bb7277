import type { ReadyChunk } from "./ready-chunk.ts";

/** A chunk that is being mapped. */
interface Coming<C> {
  readonly chunk: C;
  readonly ready: ReadyChunk | Promise<ReadyChunk>;
  isHere: boolean;
}

/** Chunks that are being mapped, wherever that is; each is handed on in its turn. */
export class MappingQueue<C> {
  readonly #map: (chunk: C) => ReadyChunk | Promise<ReadyChunk>;
  readonly #onMapped: (chunk: C, ready: ReadyChunk) => void;
  readonly #coming: Coming<C>[] = [];

  constructor(map: (chunk: C) => ReadyChunk | Promise<ReadyChunk>, onMapped: (chunk: C, ready: ReadyChunk) => void) {
    this.#map = map;
    this.#onMapped = onMapped;
  }

  add(chunk: C): void {
    const ready = this.#map(chunk);
    const coming: Coming<C> = { chunk, ready, isHere: !(ready instanceof Promise) };
    this.#coming.push(coming);
    const here = () => void (coming.isHere = true);
    if (ready instanceof Promise) ready.then(here, here);
  }

  /** Hands on what is mapped, and waits until at most so many are being mapped. */
  async arrive(most: number): Promise<void> {
    for (;;) {
      const [first] = this.#coming;
      if (first === undefined || (!first.isHere && this.#coming.length <= most)) return;
      const ready = await first.ready;
      this.#coming.shift();
      this.#onMapped(first.chunk, ready);
    }
  }
}
