/** Promises that resolve when something about their owner has become true. */
export class Condition {
  #waiters: { readonly until: () => boolean; readonly resolve: () => void }[] = [];

  /** Resolves once `until` holds; it is looked at now and at each {@link changed}. */
  when(until: () => boolean): Promise<void> {
    if (until()) return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push({ until, resolve }));
  }

  changed(): void {
    if (this.#waiters.length === 0) return;
    const over: (() => void)[] = [];
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.until()) return true;
      over.push(waiter.resolve);
      return false;
    });
    for (const resolve of over) resolve();
  }
}
