import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBMergeResources } from "./duckdb-merge.ts";
import { DuckDBSession, isMachineFault, literal } from "./duckdb-session.ts";
import { typedEventData } from "./event-columns.ts";
import { measure } from "./measure.ts";
import { rowGroupSize } from "./row-group-size.ts";
import type { ShreddedFile } from "./shredder.ts";

export interface RebuiltFile {
  /** Rows whose typed columns are not what their text makes them; 0: nothing was written. */
  readonly changed: number;
  readonly written?:
    | (Pick<ShreddedFile, "rows" | "bytes" | "sha256"> & { readonly content: { readonly file: string } })
    | undefined;
}

/**
 * Writes a table file anew with typed columns made of its text, unless they are right already, in a DuckDB of its own. Text that
 * cannot be parsed gets typed columns of NULL. The directory is its caller's to delete.
 *
 * Rows stay in the order of the file, which is that of time: to sort them would take more memory than there is for a large file. What
 * tells rows from each other is therefore no IN, of which DuckDB makes a join, which mixes them up.
 */
export async function duckDBRebuild(
  { directory, threads, memoryBytes }: DuckDBMergeResources,
  path: string,
): Promise<RebuiltFile> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const session = await DuckDBSession.open({ spillDirectory: join(directory, "spill"), threads, memoryBytes });
  try {
    const source = `read_parquet(${literal(path)}, hive_partitioning = false, file_row_number = true)`;
    const [size] = await session.rows(`SELECT count(*) AS count, avg(strlen(eventdata_text)) AS length FROM ${source}`);
    const hostile = await hostileRows(session, source, Number(size!["count"]));
    const typed =
      hostile.length === 0
        ? typedEventData("eventdata_text")
        : `CASE WHEN list_contains([${hostile.join(", ")}], file_row_number) THEN NULL ELSE ${typedEventData("eventdata_text")} END`;
    const [found] = await session.rows(
      `SELECT count(*) AS changed FROM ${source} WHERE eventdata IS DISTINCT FROM (${typed})`,
    );
    const changed = Number(found!["changed"]);
    if (changed === 0) return { changed };
    const file = join(directory, "rebuilt.parquet");
    const rows = await session.run(
      `COPY (SELECT * EXCLUDE (file_row_number) REPLACE (${typed} AS eventdata) FROM ${source}) TO ${literal(file)}
       (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroupSize(Number(size!["length"]), memoryBytes / 16 / threads)})`,
    );
    return { changed, written: { rows, ...(await measure(file)), content: { file } } };
  } finally {
    session.close();
  }
}

/** Numbers of the rows whose text cannot be parsed, found by halving. */
async function hostileRows(session: DuckDBSession, source: string, count: number): Promise<readonly number[]> {
  const probe = async (low: number, high: number): Promise<readonly number[]> => {
    try {
      await session.rows(
        `SELECT count(${typedEventData("eventdata_text")}) FROM ${source} WHERE file_row_number BETWEEN ${low} AND ${high}`,
      );
      return [];
    } catch (error) {
      if (isMachineFault(error)) throw error;
      if (low === high) return [low];
      const middle = Math.floor((low + high) / 2);
      return [...(await probe(low, middle)), ...(await probe(middle + 1, high))];
    }
  };
  return await probe(0, count - 1);
}
