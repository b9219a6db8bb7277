import type { Leases } from "./leases.ts";

/** What a column holds: whole numbers as numbers, BLOB and BYTEA as bytes. */
export type SqlValue = string | number | Uint8Array | null;

export type Row = Readonly<Record<string, SqlValue>>;

/** Reads the state. SQL is what SQLite and PostgreSQL both run; each `?` stands for a value. */
export interface StateReads {
  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]>;
  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined>;
}

/** The statements of one transaction. */
export interface StateTransaction extends StateReads {
  /** Until it ends, no other transaction that asks for the same name goes on; a file has one transaction at a time anyway. */
  lock(name: string): Promise<void>;
  /** Answers how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): Promise<number>;
  /**
   * Inserts rows as fast as the engine can, and answers how many rows it changed.
   * @param into table and columns: `sent (key, sha)`
   * @param conflict what follows ON CONFLICT: `DO NOTHING`, or `(key) DO UPDATE SET ...`; then no two rows may have one key
   */
  insert(into: string, rows: readonly (readonly SqlValue[])[], conflict?: string): Promise<number>;
}

/**
 * The database of a state: a SQLite file, or PostgreSQL. Whoever works within `snapshot` or `transaction` uses what it is
 * given there and nothing else of the database: that would wait for itself.
 */
export interface StateDatabase extends StateReads {
  /** Reads of one moment. */
  snapshot<T>(work: (reads: StateReads) => Promise<T>): Promise<T>;
  /**
   * All of it or nothing; resolves once it is on stable storage. Those that wait are written together, in the order of their
   * calls, and one that throws fails alone. `work` may be run again, so it has no effect beyond its statements and its answer.
   * @param room `takes` for new records, refused with `STATE_DISK_FULL` while the disk has no room for them; `gives` for what
   * settles queued ones, which is done with room kept back where there is no other
   */
  transaction<T>(work: (transaction: StateTransaction) => Promise<T>, room?: "takes" | "gives"): Promise<T>;
  /** A number for a chunk that no other has or had. */
  nextChunk(): Promise<number>;
  /** Undefined where one forwarder alone may work on it: a file. */
  readonly leases?: Leases | undefined;
  /** Bytes that it takes on the disk, or in the server's. */
  size(): Promise<number>;
  /** After what waits is written. */
  close(): Promise<void>;
}
