import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Row, SqlValue, StateTransaction } from "./state-database.ts";

/** Statements of one connection, each prepared once. */
export class SqliteStatements implements StateTransaction {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#prepare(sql)
      .all(...values)
      .map(row);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    const found = this.#prepare(sql).get(...values);
    return found && row(found);
  }

  lock(): Promise<void> {
    return Promise.resolve();
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async insert(into: string, rows: readonly (readonly SqlValue[])[], conflict?: string): Promise<number> {
    const [first] = rows;
    if (first === undefined) return 0;
    const places = first.map(() => "?").join(", ");
    const statement = this.#prepare(
      `INSERT INTO ${into} VALUES (${places})${conflict === undefined ? "" : ` ON CONFLICT ${conflict}`}`,
    );
    let changes = 0;
    for (const values of rows) changes += Number(statement.run(...values).changes);
    return changes;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

/** Whole numbers come as numbers unless a statement asks for others, and none does. */
function row(found: Readonly<Record<string, SQLOutputValue>>): Row {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without bigint, as said
  return found as Row;
}
