import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

export interface DuckDBSessionOptions {
  /** Where DuckDB puts what does not fit into memory. */
  readonly spillDirectory: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

/** How DuckDB's messages begin when memory, disk or DuckDB itself failed, and not a value. */
const machineFaults = ["Out of Memory Error", "IO Error", "INTERNAL Error", "FATAL Error", "INTERRUPT Error"] as const;

/** One connection to a DuckDB in memory, in this process. */
export class DuckDBSession {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Set when the machine or DuckDB failed: what comes next wants a new session. */
  broken = false;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(options: DuckDBSessionOptions): Promise<DuckDBSession> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: String(options.threads),
      memory_limit: `${Math.floor(options.memoryBytes / 1024 ** 2)}MiB`,
      temp_directory: options.spillDirectory,
      autoinstall_known_extensions: "false",
      autoload_known_extensions: "false",
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new DuckDBSession(instance, connection);
  }

  /** Answers how many rows changed. */
  async run(sql: string): Promise<number> {
    return await this.#guard(async () => (await this.#connection.run(sql)).rowsChanged);
  }

  async rows(sql: string): Promise<readonly Readonly<Record<string, DuckDBValue>>[]> {
    return await this.#guard(async () => (await this.#connection.runAndReadAll(sql)).getRowObjects());
  }

  /** Appends rows to a table without SQL. */
  async append(table: string, fill: (appender: DuckDBAppender) => void): Promise<void> {
    await this.#guard(async () => {
      const appender = await this.#connection.createAppender(table);
      fill(appender);
      appender.closeSync();
    });
  }

  /** Makes what runs now fail with an INTERRUPT Error. */
  interrupt(): void {
    this.#connection.interrupt();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isMachineFault(error)) this.broken = true;
      throw error;
    }
  }
}

/** Whether an error says nothing of the values that were being worked on. */
export function isMachineFault(error: unknown): boolean {
  return error instanceof Error && machineFaults.some((start) => error.message.startsWith(start));
}

/** Whether DuckDB itself failed, or its memory was too small: the same values may make it fail again. */
export function isDuckDBFault(error: unknown): boolean {
  return (
    error instanceof Error &&
    ["Out of Memory Error", "INTERNAL Error", "FATAL Error"].some((start) => error.message.startsWith(start))
  );
}

/** A SQL string literal; the values are our own paths and ids. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
