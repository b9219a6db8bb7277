import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBSession, literal } from "./duckdb-session.ts";
import { measure } from "./measure.ts";
import { rowGroupSize } from "./row-group-size.ts";
import type { MergedFile, MergeOptions } from "./shredder.ts";

export interface DuckDBMergeResources {
  /** A directory of this merge alone; made here, gone when the answer is closed. */
  readonly directory: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

/**
 * Merges table files in a DuckDB of its own, so that compactions go on meanwhile. No row is parsed again: what was written is
 * copied. Sorting spills to the directory.
 */
export async function duckDBMerge(
  resources: DuckDBMergeResources,
  paths: readonly string[],
  { signal, keepDuplicates = false }: MergeOptions = {},
): Promise<MergedFile> {
  const { directory, threads, memoryBytes } = resources;
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  try {
    const session = await DuckDBSession.open({ spillDirectory: join(directory, "spill"), threads, memoryBytes });
    const interrupt = (): void => session.interrupt();
    signal?.addEventListener("abort", interrupt);
    try {
      signal?.throwIfAborted();
      const file = join(directory, "merged.parquet");
      const counts = await write(session, paths, file, memoryBytes / 16 / threads, keepDuplicates);
      return { ...counts, ...(await measure(file)), content: { file }, close };
    } finally {
      signal?.removeEventListener("abort", interrupt);
      session.close();
    }
  } catch (error) {
    await close();
    throw error;
  }
}

async function write(
  session: DuckDBSession,
  paths: readonly string[],
  file: string,
  rowGroupBytes: number,
  keepDuplicates: boolean,
): Promise<{ rows: number; duplicates: number }> {
  const source = `read_parquet([${paths.map(literal).join(", ")}], hive_partitioning = false`;
  // Hashes take a fifth of the ids' memory. Two ids with one hash cost a closer look.
  const [found] = await session.rows(
    `SELECT count(*) AS count, count(DISTINCT hash(eventid)) AS ids, avg(strlen(eventdata_text)) AS length FROM ${source})`,
  );
  const rowGroup = rowGroupSize(Number(found!["length"]), rowGroupBytes);
  const twice = !keepDuplicates && Number(found!["ids"]) < Number(found!["count"]);
  let duplicates = 0;
  if (twice) {
    // Of equal ingestion times the first file's stays.
    await session.run(
      `CREATE TABLE surplus AS SELECT filename AS surplus_file, file_row_number AS surplus_row FROM ${source}, filename = true, file_row_number = true)
       QUALIFY row_number() OVER (PARTITION BY eventid ORDER BY metadata.ingestiontime, list_position([${paths.map(literal).join(", ")}], filename), file_row_number) > 1`,
    );
    const [surplus] = await session.rows("SELECT count(*) AS count FROM surplus");
    duplicates = Number(surplus!["count"]);
  }
  const rows = twice
    ? `SELECT * EXCLUDE (filename, file_row_number) FROM ${source}, filename = true, file_row_number = true)
       WHERE NOT EXISTS (SELECT 1 FROM surplus WHERE surplus_file = filename AND surplus_row = file_row_number)`
    : `SELECT * FROM ${source})`;
  const written = await session.run(
    `COPY (${rows} ORDER BY eventtime, eventid) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup})`,
  );
  return { rows: written, duplicates };
}
