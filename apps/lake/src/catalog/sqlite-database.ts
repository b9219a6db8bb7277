import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/**
 * One connection with its prepared statements. Transactions are functions without an `await`: two callers that awaited inside
 * BEGIN would share one transaction, and the ROLLBACK of one would undo the other.
 */
export class SqliteDatabase {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #inside = false;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** The first row, as the schema has it: the caller names its type. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  get<T>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return trusted<T | undefined>(this.#prepare(sql).get(...values));
  }

  all<T>(sql: string, ...values: SQLInputValue[]): T[] {
    return trusted<T[]>(this.#prepare(sql).all(...values));
  }

  /** Answers how many rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** BEGIN IMMEDIATE, so that a transaction never finds half-way that another writer came first. */
  transaction<T>(body: () => T extends PromiseLike<unknown> ? never : T): T {
    if (this.#inside) throw new Error("a catalog transaction was begun inside another");
    this.#db.exec("BEGIN IMMEDIATE");
    this.#inside = true;
    try {
      const answer = body();
      this.#db.exec("COMMIT");
      return answer;
    } catch (error) {
      // A failed COMMIT may have rolled back already.
      if (this.#db.isTransaction) this.#db.exec("ROLLBACK");
      throw error;
    } finally {
      this.#inside = false;
    }
  }

  /**
   * A change that a crash of the machine may undo, with nothing before it: what it says is found out again. It waits for no sync; the
   * next change that does makes it durable too.
   */
  unsynced<T>(body: () => T extends PromiseLike<unknown> ? never : T): T {
    const normal = 1;
    const { synchronous = normal } = this.get<{ synchronous: number }>("PRAGMA synchronous") ?? {};
    if (synchronous <= normal) return body();
    this.#db.exec(`PRAGMA synchronous = ${normal}`);
    try {
      return body();
    } finally {
      this.#db.exec(`PRAGMA synchronous = ${synchronous}`);
    }
  }

  /** What several statements read is of one moment. It waits for no writer. */
  snapshot<T>(body: () => T extends PromiseLike<unknown> ? never : T): T {
    if (this.#inside) throw new Error("a catalog snapshot was begun inside a transaction");
    this.#db.exec("BEGIN");
    this.#inside = true;
    try {
      return body();
    } finally {
      this.#inside = false;
      this.#db.exec("COMMIT");
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** JSON that the catalog itself has written. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
export function parsed<T>(json: string): T {
  return trusted<T>(JSON.parse(json));
}

/** A value of our own tables, whose types the schema gives. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function trusted<T>(value: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return value as T;
}
