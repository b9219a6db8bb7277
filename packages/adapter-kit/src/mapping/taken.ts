import type { Step } from "./text.ts";

/** Up to so many keys a list is searched faster than a Map is made. */
const fewKeys = 24;

/** What was taken below a member: all of it, or some of its own members. */
export class Taken {
  readonly #keys: string[] = [];
  readonly #below: (Taken | true)[] = [];
  /** Places of the keys, once there are many. */
  #places: Map<string, number> | undefined;

  /** Notes that `path` is taken, from its step `from` on, with all below it. */
  add(path: readonly Step[], from = 0): void {
    if (from >= path.length) return;
    const key = nameOf(path[from]!);
    if (from === path.length - 1) this.#set(key, true);
    else {
      const below = this.#enter(key);
      if (below !== true) below.add(path, from + 1);
    }
  }

  /** What was taken below a key; undefined for nothing. */
  at(key: string): Taken | true | undefined {
    const keys = this.#keys;
    if (this.#places !== undefined) return this.#below[this.#places.get(key) ?? -1];
    // From the end: what was taken last holds.
    for (let place = keys.length - 1; place >= 0; place -= 1) if (keys[place] === key) return this.#below[place];
    return undefined;
  }

  #enter(key: string): Taken | true {
    const known = this.at(key);
    if (known !== undefined) return known;
    const next = new Taken();
    this.#set(key, next);
    return next;
  }

  #set(key: string, below: Taken | true): void {
    this.#keys.push(key);
    this.#below.push(below);
    const count = this.#keys.length;
    if (this.#places !== undefined) this.#places.set(key, count - 1);
    else if (count > fewKeys) this.#places = new Map(this.#keys.map((each, index) => [each, index]));
  }
}

function nameOf(step: Step): string {
  return typeof step === "string" ? step : String(step);
}
