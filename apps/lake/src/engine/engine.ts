/** The engine port: runs SQL over table files in a separate, killable process. */
export interface Engine {
  /**
   * Runs one statement. Columns once, then pages of rows of strings (null for SQL NULL). Aborting stops the work: interrupt,
   * then SIGKILL after a second. Throws `QUERY_FAILED` with the engine's message; the death of the process fails the query alone.
   */
  run(query: EngineQuery, signal: AbortSignal): Promise<EngineResult>;
  close(): Promise<void>;
}

export interface EngineQuery {
  readonly sql: string;
  /** View name as the SQL names it -> local read-only Parquet files, maybe none; the store's retention bound in ms, if any. */
  readonly tables: readonly {
    readonly name: string;
    readonly files: readonly string[];
    readonly notBefore?: number | undefined;
  }[];
}

export interface EngineResult {
  readonly columns: readonly string[];
  readonly pages: AsyncIterable<readonly (readonly (string | null)[])[]>;
}
