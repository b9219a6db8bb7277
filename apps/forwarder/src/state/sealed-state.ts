import { TributaryError } from "@tributary/schema";
import type { Row, SqlValue, StateDatabase, StateReads, StateTransaction } from "./state-database.ts";
import { isDamage } from "./damage.ts";
import { checkPlace, sealedBytes, sealedColumns, sealedStart, sealedValue } from "./sealed-columns.ts";
import { keyIdOf, keyWrong, sealedHead, type SealedPlace, type StateKeys } from "./state-keys.ts";

/** Stands for a text that is damaged. */
const damagedText = "(damaged in the state)";

/**
 * A state whose records are sealed on their way in and opened on their way out. A statement that names `TABLE_KEY` in its
 * answer (`original_chunk`) has the value's place compared with it: a value that stands where another was is found.
 * A damaged value comes back sealed as it is, which no decoder takes for anything; the rows beside it are not held up by it.
 * Closes the database and throws `STATE_KEY_MISSING` and `STATE_KEY_WRONG` where the keys are not those of the state; nothing is touched then.
 * @param keys undefined: what is sealed is refused when it is read
 * @param write whether the state may be written: then its keys are looked at first, and the key is entered
 */
export async function sealedState(
  database: StateDatabase,
  keys: StateKeys | undefined,
  write: boolean,
): Promise<StateDatabase> {
  try {
    return await wrapped(database, keys, write);
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function wrapped(database: StateDatabase, keys: StateKeys | undefined, write: boolean): Promise<StateDatabase> {
  const known = await sealedWith(database);
  if (keys === undefined && known.length === 0) return database;
  if (!write) return new SealedState(database, keys);
  const others = known.filter((id) => keys?.has(id) !== true);
  // What a key sealed may be gone: then it is not needed any more.
  for (const id of others) if (await isInUse(database, id)) throw keys === undefined ? keyMissing() : keyWrong(id);
  await database.transaction(async (transaction) => {
    for (const id of others) await transaction.run("DELETE FROM state_key WHERE id = ?", id);
    if (keys === undefined || known.includes(keys.id)) return;
    await transaction.run("CREATE TABLE IF NOT EXISTS state_key (id TEXT PRIMARY KEY)");
    await transaction.insert("state_key (id)", [[keys.id]], "DO NOTHING");
  });
  return keys === undefined ? database : new SealedState(database, keys);
}

/** Whether a value is sealed with a key. Looks at the beginning of each: a matter of seconds where there are very many. */
async function isInUse(database: StateDatabase, id: string): Promise<boolean> {
  const head = sealedHead(id);
  for (const [table, { columns }] of Object.entries(sealedColumns))
    for (const column of columns) {
      const start = sealedStart(column, head);
      const sql = `SELECT 1 AS used FROM ${table} WHERE substr(${column}, 1, ${start.length}) = ? LIMIT 1`;
      if ((await database.get(sql, start)) !== undefined) return true;
    }
  return false;
}

/** Ids of the keys that a state was sealed with. */
async function sealedWith(database: StateDatabase): Promise<readonly string[]> {
  try {
    return (await database.all("SELECT id FROM state_key")).map((row) => String(row["id"]));
  } catch (error) {
    // Without such a table nothing was ever sealed. Whatever else is wrong must not be taken for that.
    if (error instanceof Error && /no such table|does not exist/i.test(error.message)) return [];
    throw error;
  }
}

function keyMissing(): TributaryError {
  return new TributaryError(
    "The state is sealed, and no key is given. Name it in encryption of tributary.yaml (--config), or in $TRIBUTARY_STATE_KEY.",
    { code: "STATE_KEY_MISSING" },
  );
}

class SealedReads implements StateReads {
  readonly #reads: StateReads;
  protected readonly keys: StateKeys | undefined;

  constructor(reads: StateReads, keys: StateKeys | undefined) {
    this.#reads = reads;
    this.keys = keys;
  }

  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    for (const row of await this.#reads.all(sql, ...values)) rows.push(await this.#opened(row));
    return rows;
  }

  async get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    const row = await this.#reads.get(sql, ...values);
    return row && (await this.#opened(row));
  }

  async #opened(row: Row): Promise<Row> {
    let opened: Record<string, SqlValue> | undefined;
    for (const [column, value] of Object.entries(row)) {
      const sealed = sealedBytes(value);
      if (sealed === undefined) continue;
      if (this.keys === undefined) throw keyMissing();
      const bytes = await this.#open(this.keys, sealed, row);
      opened ??= { ...row };
      if (typeof value !== "string") opened[column] = bytes ?? value;
      else opened[column] = bytes === undefined ? damagedText : Buffer.from(bytes).toString("utf8");
    }
    return opened ?? row;
  }

  /** Undefined where it is damaged. */
  async #open(keys: StateKeys, sealed: Uint8Array, row: Row): Promise<Uint8Array | undefined> {
    const id = keyIdOf(sealed);
    if (!keys.has(id)) {
      // A key that the state knows is missing; one that it does not know never was.
      const known = await this.#reads.get("SELECT 1 AS known FROM state_key WHERE id = ?", id);
      if (known !== undefined) throw keyWrong(id);
      return undefined;
    }
    try {
      const { bytes, place } = keys.open(sealed);
      checkPlace(place, row);
      return bytes;
    } catch (error) {
      if (isDamage(error)) return undefined;
      throw error;
    }
  }
}

class SealedTransaction extends SealedReads implements StateTransaction {
  readonly #transaction: StateTransaction;

  constructor(transaction: StateTransaction, keys: StateKeys | undefined) {
    super(transaction, keys);
    this.#transaction = transaction;
  }

  run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return this.#transaction.run(sql, ...this.#assigned(sql, values));
  }

  insert(into: string, rows: readonly (readonly SqlValue[])[], conflict?: string): Promise<number> {
    return this.#transaction.insert(into, this.#sealed(into, rows), conflict);
  }

  lock(name: string): Promise<void> {
    return this.#transaction.lock(name);
  }

  /** What an UPDATE gives to sealed columns. Which row that is, it does not say; the table is. */
  #assigned(sql: string, values: readonly SqlValue[]): readonly SqlValue[] {
    const { keys } = this;
    const [, table = "", list = ""] = /^\s*UPDATE (\w+) SET ([^]+?) WHERE /.exec(sql) ?? [];
    const sealed = Object.hasOwn(sealedColumns, table) ? sealedColumns[table] : undefined;
    if (keys === undefined || sealed === undefined) return values;
    const changed = [...values];
    let index = 0;
    for (const assignment of list.split(",")) {
      const [, column = ""] = /^\s*(\w+) = \?\s*$/.exec(assignment) ?? [];
      if (sealed.columns.includes(column)) changed[index] = sealedValue(values[index] ?? null, [table], keys);
      index += assignment.split("?").length - 1;
    }
    return changed;
  }

  #sealed(into: string, rows: readonly (readonly SqlValue[])[]): readonly (readonly SqlValue[])[] {
    const { keys } = this;
    const [table = "", list = ""] = into.split(/[()]/).map((part) => part.trim());
    const sealed = Object.hasOwn(sealedColumns, table) ? sealedColumns[table] : undefined;
    if (keys === undefined || sealed === undefined) return rows;
    const names = list.split(",").map((name) => name.trim().replaceAll('"', ""));
    const at = sealed.keys.map((key) => names.indexOf(key));
    return rows.map((row) => {
      const place: SealedPlace = [table, ...at.map((index) => Number(row[index]))];
      return row.map((value, index) =>
        sealed.columns.includes(names[index] ?? "") ? sealedValue(value, place, keys) : value,
      );
    });
  }
}

class SealedState extends SealedReads implements StateDatabase {
  readonly #database: StateDatabase;

  constructor(database: StateDatabase, keys: StateKeys | undefined) {
    super(database, keys);
    this.#database = database;
  }

  snapshot<T>(work: (reads: StateReads) => Promise<T>): Promise<T> {
    return this.#database.snapshot((reads) => work(new SealedReads(reads, this.keys)));
  }

  transaction<T>(work: (transaction: StateTransaction) => Promise<T>, room?: "takes" | "gives"): Promise<T> {
    return this.#database.transaction((transaction) => work(new SealedTransaction(transaction, this.keys)), room);
  }

  get leases(): StateDatabase["leases"] {
    return this.#database.leases;
  }

  nextChunk(): Promise<number> {
    return this.#database.nextChunk();
  }

  size(): Promise<number> {
    return this.#database.size();
  }

  close(): Promise<void> {
    return this.#database.close();
  }
}
