/** Turns counts into a rate: per second, between one look and the next. */
export class Rates {
  readonly #last = new Map<string, { readonly at: number; readonly count: number }>();

  of(name: string, count: number, now: number): number {
    const last = this.#last.get(name);
    this.#last.set(name, { at: now, count });
    if (last === undefined || now <= last.at) return 0;
    return Math.max(0, Math.round(((count - last.count) / (now - last.at)) * 1000));
  }
}
