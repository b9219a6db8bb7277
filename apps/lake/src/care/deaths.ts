/** What the care process begins: should it die, this is what it may have died of. */
export type CareWork =
  | { readonly kind: "compaction"; readonly storeId: string; readonly positions: readonly number[] }
  | { readonly kind: "merge"; readonly storeId: string };

/** How often care's process died at each of its kinds of work. Plain data, for a message. */
export interface Deaths {
  /** In compactions of a store, more often than it has compacted it since. */
  readonly compactions: Readonly<Record<string, number>>;
  readonly merges: Readonly<Record<string, number>>;
  /** With one journal row alone, by its position. */
  readonly rows: Readonly<Record<string, number>>;
}

export const noDeaths: Deaths = { compactions: {}, merges: {}, rows: {} };

/** Remembers, outside the process that dies, what it was doing. */
export class DeathRecord {
  readonly #working = new Map<CareWork["kind"], CareWork>();
  readonly #compactions = new Map<string, number>();
  readonly #merges = new Map<string, number>();
  /** The journal row of each store that it died of alone, last. */
  readonly #rows = new Map<string, { readonly position: number; readonly deaths: number }>();

  begin(work: CareWork): void {
    this.#working.set(work.kind, work);
  }

  end(kind: CareWork["kind"]): void {
    this.#working.delete(kind);
  }

  /** The process died: whatever it was doing is suspect. */
  died(): void {
    for (const work of this.#working.values()) {
      if (work.kind === "merge") add(this.#merges, work.storeId, 1);
      else {
        add(this.#compactions, work.storeId, 1);
        if (work.positions.length === 1) this.#diedAlone(work.storeId, work.positions[0]!);
      }
    }
    this.#working.clear();
  }

  /** One step back only: where one row made it die, the next may too. */
  compacted(storeId: string): void {
    add(this.#compactions, storeId, -1);
    this.#rows.delete(storeId);
  }

  merged(storeId: string): void {
    this.#merges.delete(storeId);
  }

  get deaths(): Deaths {
    return {
      compactions: Object.fromEntries(this.#compactions),
      merges: Object.fromEntries(this.#merges),
      rows: Object.fromEntries([...this.#rows.values()].map(({ position, deaths }) => [position, deaths])),
    };
  }

  #diedAlone(storeId: string, position: number): void {
    const before = this.#rows.get(storeId);
    this.#rows.set(storeId, { position, deaths: before?.position === position ? before.deaths + 1 : 1 });
  }
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
