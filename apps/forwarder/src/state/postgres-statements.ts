import type { PostgresSession } from "./postgres-connection.ts";
import type { Row, SqlValue, StateTransaction } from "./state-database.ts";

/** Values in one statement; PostgreSQL takes 65,535. */
const mostValues = 30_000;

/** Statements on the session that it is given for each: that of a transaction, or any. */
export class PostgresStatements implements StateTransaction {
  readonly #session: () => Promise<PostgresSession>;

  constructor(session: () => Promise<PostgresSession>) {
    this.#session = session;
  }

  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return (await (await this.#session()).query(numbered(sql), values)).rows;
  }

  async get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return (await this.all(sql, ...values))[0];
  }

  async lock(name: string): Promise<void> {
    await this.all("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || CAST(? AS text), 0))", name);
  }

  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return (await (await this.#session()).query(numbered(sql), values)).changes;
  }

  async insert(into: string, rows: readonly (readonly SqlValue[])[], conflict?: string): Promise<number> {
    const [first] = rows;
    if (first === undefined) return 0;
    const most = Math.max(1, Math.floor(mostValues / first.length));
    const row = `(${first.map(() => "?").join(", ")})`;
    const end = conflict === undefined ? "" : ` ON CONFLICT ${conflict}`;
    let changes = 0;
    for (let at = 0; at < rows.length; at += most) {
      const some = rows.slice(at, at + most);
      const places = some.map(() => row).join(", ");
      changes += await this.run(`INSERT INTO ${into} VALUES ${places}${end}`, ...some.flat());
    }
    return changes;
  }
}

/** `?` as `$1`, `$2` and so on. None of our statements has one within a text. */
function numbered(sql: string): string {
  let number = 0;
  return sql.replaceAll("?", () => `$${++number}`);
}
