import { headOf, type TailPlace } from "./tail-place.ts";

/** A copy that comes later than this is taken for a new file. */
const keptMs = 30 * 86_400_000;
const most = 10_000;

/** Places of files that are gone, or were written anew. A copy of one goes on where it was read to. */
export class GonePlaces {
  readonly #places = new Map<string, TailPlace>();
  /** By length and digest of what is known of their beginnings: few lengths are less than the longest. */
  readonly #byHead = new Map<number, Map<string, readonly TailPlace[]>>();

  constructor(places: Iterable<TailPlace>) {
    for (const place of places) this.add(place);
  }

  add(place: TailPlace): void {
    this.delete(place.id);
    this.#places.set(place.id, place);
    let alike = this.#byHead.get(place.headLength);
    if (alike === undefined) this.#byHead.set(place.headLength, (alike = new Map()));
    alike.set(place.head, [...(alike.get(place.head) ?? []), place]);
  }

  /** Whether it was there. */
  delete(id: string): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    this.#places.delete(id);
    const alike = this.#byHead.get(place.headLength);
    const left = (alike?.get(place.head) ?? []).filter((one) => one !== place);
    if (left.length > 0) alike?.set(place.head, left);
    else alike?.delete(place.head);
    if (alike?.size === 0) this.#byHead.delete(place.headLength);
    return true;
  }

  /** Those that begin as a file does. @param head its first bytes */
  *alike(head: Uint8Array): Iterable<TailPlace> {
    for (const [length, alike] of this.#byHead)
      if (length <= head.length) yield* alike.get(headOf(head.subarray(0, length)).head) ?? [];
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
    for (const id of expired) this.delete(id);
    return expired;
  }
}
