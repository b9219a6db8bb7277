import { DuckDBSession, literal } from "../compactor/duckdb-session.ts";

/** The rows of a local Parquet file, which was held against its hash before: each column that is not null, by its name. */
export type ReadCheckpoint = (file: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const memoryBytes = 512 * 1024 ** 2;

/** Lends a reader of checkpoints, by a DuckDB of its own, for as long as `work` takes. */
export async function withCheckpointReader<T>(work: (read: ReadCheckpoint) => Promise<T>): Promise<T> {
  const session = await DuckDBSession.open({ spillDirectory: "", threads: 1, memoryBytes });
  try {
    return await work(async (file) => {
      const rows = await session.rows(
        `SELECT to_json(file) AS row FROM read_parquet(${literal(file)}, hive_partitioning = false) AS file`,
      );
      return rows.map(({ row }) => withoutNulls(JSON.parse(String(row))));
    });
  } finally {
    session.close();
  }
}

function withoutNulls(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}
