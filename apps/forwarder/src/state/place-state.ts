import type { SqlValue, StateReads, StateTransaction } from "./state-database.ts";

/** How far a source was read, or what else it must not forget. True only together with the records of its commit. */
export interface Place {
  /** Of what source it is: `file`, `object` ... */
  readonly kind: string;
  readonly key: string;
  /** JSON. */
  readonly value: string;
  /** ms since 1970; what {@link PlaceChanges.expired} goes by. */
  readonly at: number;
}

export interface PlaceChanges {
  readonly put?: readonly Place[] | undefined;
  readonly forget?: readonly Pick<Place, "kind" | "key">[] | undefined;
  /** Forgets those of a kind from before a time, ms since 1970. */
  readonly expired?: Pick<Place, "kind" | "at"> | undefined;
}

const keysPerQuery = 500;

/** The places of an integration. They stay with its name when its channel changes. */
export class PlaceState {
  readonly #database: StateReads;
  readonly #integration: number;

  constructor(database: StateReads, integration: number) {
    this.#database = database;
    this.#integration = integration;
  }

  /** All of a kind, or those of some keys, as values by key. */
  async get(kind: string, keys?: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const select =
      "SELECT key, value FROM place p JOIN integration i ON i.name = p.name AND i.adapter = p.adapter WHERE i.id = ? AND kind = ?";
    const take = async (sql: string, values: readonly SqlValue[]) => {
      for (const row of await this.#database.all(sql, this.#integration, kind, ...values))
        found.set(String(row["key"]), String(row["value"]));
    };
    if (keys === undefined) await take(select, []);
    else
      for (let at = 0; at < keys.length; at += keysPerQuery) {
        const some = keys.slice(at, at + keysPerQuery);
        await take(`${select} AND key IN (${some.map(() => "?").join(", ")})`, some);
      }
    return found;
  }

  /** Within the caller's transaction. */
  async write(transaction: StateTransaction, { put = [], forget = [], expired }: PlaceChanges): Promise<void> {
    const owner = await transaction.get("SELECT name, adapter FROM integration WHERE id = ?", this.#integration);
    const [name, adapter] = [String(owner?.["name"]), String(owner?.["adapter"])];
    for (const { kind, key } of forget)
      await transaction.run(
        "DELETE FROM place WHERE name = ? AND adapter = ? AND kind = ? AND key = ?",
        name,
        adapter,
        kind,
        key,
      );
    await transaction.insert(
      "place (name, adapter, kind, key, value, at)",
      put.map(({ kind, key, value, at }) => [name, adapter, kind, key, value, at]),
      "(name, adapter, kind, key) DO UPDATE SET value = excluded.value, at = excluded.at",
    );
    if (expired !== undefined)
      await transaction.run(
        "DELETE FROM place WHERE name = ? AND adapter = ? AND kind = ? AND at < ?",
        name,
        adapter,
        expired.kind,
        expired.at,
      );
  }
}
