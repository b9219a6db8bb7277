import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBSession, literal } from "./duckdb-session.ts";
import { measure } from "./measure.ts";
import { rowGroupSize } from "./row-group-size.ts";
import { sortedRows, type SortedRowsOptions, sourceOf } from "./sorted-rows.ts";
import type { MergedFile, MergeOptions } from "./shredder.ts";

export interface DuckDBMergeResources {
  /** A directory of this merge alone; made here, gone when the answer is closed. */
  readonly directory: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

/** Of zstd; every reader reads them alike. 9 takes a tenth less room than 3 for twice the processor time; 12 takes twice that again for a hundredth less. */
const levels = { quick: 3, tight: 9 } as const;

/**
 * Merges table files in a DuckDB of its own, so that compactions go on meanwhile. No row is parsed again: what was written is
 * copied. Sorting spills to the directory.
 */
export async function duckDBMerge(
  resources: DuckDBMergeResources,
  paths: readonly string[],
  { signal, tight = false, keepDuplicates = false }: MergeOptions = {},
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
      const level = tight ? levels.tight : levels.quick;
      const counts = await write(session, paths, file, { memoryBytes, threads, level, keepDuplicates });
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

interface WriteOptions {
  readonly memoryBytes: number;
  readonly threads: number;
  readonly level: number;
  readonly keepDuplicates: boolean;
}

async function write(
  session: DuckDBSession,
  paths: readonly string[],
  file: string,
  { memoryBytes, threads, level, keepDuplicates }: WriteOptions,
): Promise<{ rows: number; duplicates: number }> {
  const source = sourceOf(paths);
  // Hashes take a fifth of the ids' memory. Two ids with one hash cost a closer look.
  const [found] = await session.rows(
    `SELECT count(*) AS count, count(DISTINCT hash(eventid)) AS ids, avg(strlen(eventdata_text)) AS length FROM ${source})`,
  );
  const length = Number(found!["length"]);
  const twice = !keepDuplicates && Number(found!["ids"]) < Number(found!["count"]);
  let kept: SortedRowsOptions["kept"];
  let duplicates = 0;
  if (twice) {
    // Of equal ingestion times the first file's stays.
    await session.run(
      `CREATE TABLE surplus AS SELECT filename AS surplus_file, file_row_number AS surplus_row FROM ${source}, filename = true, file_row_number = true)
       QUALIFY row_number() OVER (PARTITION BY eventid ORDER BY metadata.ingestiontime, list_position([${paths.map(literal).join(", ")}], filename), file_row_number) > 1`,
    );
    const surplus = await session.rows("SELECT surplus_file, count(*) AS count FROM surplus GROUP BY surplus_file");
    duplicates = surplus.reduce((sum, { count }) => sum + Number(count), 0);
    kept = {
      where: "NOT EXISTS (SELECT 1 FROM surplus WHERE surplus_file = filename AND surplus_row = file_row_number)",
      paths: new Set(surplus.map(({ surplus_file: path }) => String(path))),
    };
  }
  const copy = (rows: string, to: string, zstd: number, rowGroupBytes: number): Promise<number> =>
    session.run(
      `COPY (${rows}) TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL ${zstd}, ROW_GROUP_SIZE ${rowGroupSize(length, rowGroupBytes)})`,
    );
  const sorted = await sortedRows(session, {
    paths,
    kept,
    count: Number(found!["count"]),
    maxSorted: memoryBytes / 6 / Math.max(1, length),
    // A sort takes what memory there is, and a row group's text is held several times over: with a sixteenth it was too much.
    spill: async (rows, n) => {
      await copy(rows, `${file}.${n}`, 1, memoryBytes / 32 / threads);
      return `${file}.${n}`;
    },
  });
  // The larger a row group, the more alike zstd finds: at a quarter of it the same level takes 4 of 100 bytes more. But who reads a text
  // has a row group's texts in memory, in a buffer of a power of two: with an eighth it was twice as large.
  const rows = await copy(sorted, file, level, memoryBytes / 9 / threads);
  return { rows, duplicates };
}
