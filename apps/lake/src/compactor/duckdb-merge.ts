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

/** Of zstd; every reader reads them alike. 12 takes a tenth less room than 3, which compactions have, and twice the time. */
const levels = { quick: 3, tight: 12 } as const;

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
      // A sort takes what memory there is, and a row group's text is held several times over: with a sixteenth it was too much.
      const counts = await write(session, paths, file, {
        memoryBytes,
        rowGroupBytes: memoryBytes / 32 / threads,
        level,
        keepDuplicates,
      });
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
  readonly rowGroupBytes: number;
  readonly level: number;
  readonly keepDuplicates: boolean;
}

async function write(
  session: DuckDBSession,
  paths: readonly string[],
  file: string,
  { memoryBytes, rowGroupBytes, level, keepDuplicates }: WriteOptions,
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
  const parquet = (zstd: number): string =>
    `(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL ${zstd}, ROW_GROUP_SIZE ${rowGroup})`;
  const textBytes = Number(found!["count"]) * Number(found!["length"]);
  const slices = await slicesOf(session, source, Math.ceil((6 * textBytes) / memoryBytes));
  if (slices.length === 1) {
    const written = await session.run(
      `COPY (${rows} ORDER BY eventtime, eventid) TO ${literal(file)} ${parquet(level)}`,
    );
    return { rows: written, duplicates };
  }
  // DuckDB fails to sort wide rows that are more than its memory, though it may spill: sorted slices, one after the other, are sorted.
  const sliceFiles: string[] = [];
  for (const slice of slices) {
    const sliceFile = `${file}.${sliceFiles.length}`;
    await session.run(
      `COPY (SELECT * FROM (${rows}) WHERE ${slice} ORDER BY eventtime, eventid) TO ${literal(sliceFile)} ${parquet(1)}`,
    );
    sliceFiles.push(sliceFile);
  }
  const written = await session.run(
    `COPY (SELECT * FROM read_parquet([${sliceFiles.map(literal).join(", ")}], hive_partitioning = false)) TO ${literal(file)} ${parquet(level)}`,
  );
  return { rows: written, duplicates };
}

/** Conditions on eventtime that together hold for every row, each for about as many, in order. */
async function slicesOf(session: DuckDBSession, source: string, count: number): Promise<readonly string[]> {
  if (count <= 1) return ["true"];
  const shares = Array.from({ length: count - 1 }, (_, n) => (n + 1) / count);
  const found = await session.rows(
    `SELECT DISTINCT CAST(bound AS VARCHAR) AS bound FROM
       (SELECT unnest(quantile_disc(eventtime, [${shares.join(", ")}])) AS bound FROM ${source})) ORDER BY CAST(bound AS TIMESTAMPTZ)`,
  );
  const bounds = found.map(({ bound }) => `TIMESTAMPTZ ${literal(String(bound))}`);
  return [...bounds, undefined].map((high, n) => {
    const low = n === 0 ? "true" : `eventtime >= ${bounds[n - 1]!}`;
    return high === undefined ? low : `${low} AND eventtime < ${high}`;
  });
}
