import type { TailPlace } from "./tail-place.ts";

/** A copy that comes later than this is taken for a new file. */
const keptMs = 30 * 86_400_000;
const most = 10_000;

/** Places of files that are gone, or were written anew. A copy of one goes on where it was read to. */
export class GonePlaces {
  readonly #places = new Map<string, TailPlace>();

  constructor(places: Iterable<TailPlace>) {
    for (const place of places) this.add(place);
  }

  add(place: TailPlace): void {
    this.#places.set(place.id, place);
  }

  delete(id: string): boolean {
    return this.#places.delete(id);
  }

  values(): Iterable<TailPlace> {
    return this.#places.values();
  }

  /** Drops what is too old or too much; answers the ids. @param now ms since 1970 */
  expire(now: number): readonly string[] {
    const byAge = [...this.#places.values()].toSorted((a, b) => (a.goneAt ?? 0) - (b.goneAt ?? 0));
    const expired = byAge
      .filter(({ goneAt }, index) => now - (goneAt ?? 0) > keptMs || byAge.length - index > most)
      .map(({ id }) => id);
    for (const id of expired) this.#places.delete(id);
    return expired;
  }
}
