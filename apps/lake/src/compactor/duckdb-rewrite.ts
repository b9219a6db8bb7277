import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DuckDBMergeResources } from "./duckdb-merge.ts";
import { DuckDBSession, literal } from "./duckdb-session.ts";
import { measure } from "./measure.ts";
import { rowGroupSize } from "./row-group-size.ts";
import { sortedRows } from "./sorted-rows.ts";
import type { RewrittenFile } from "./shredder.ts";

/**
 * Writes a table file anew without some events, in a DuckDB of its own. No row is parsed again: what was written is copied. A file may
 * have many times more text than there is memory.
 */
export async function duckDBRewrite(
  { directory, threads, memoryBytes }: DuckDBMergeResources,
  path: string,
  eventIds: readonly string[],
): Promise<RewrittenFile> {
  const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
  await mkdir(directory, { mode: 0o700 });
  try {
    const session = await DuckDBSession.open({ spillDirectory: join(directory, "spill"), threads, memoryBytes });
    try {
      await session.run("CREATE TABLE purged (eventid VARCHAR)");
      await session.append("purged", (appender) => {
        for (const eventId of eventIds) {
          appender.appendVarchar(eventId);
          appender.endRow();
        }
      });
      const source = `read_parquet([${literal(path)}], hive_partitioning = false)`;
      const kept = "eventid NOT IN (SELECT eventid FROM purged)";
      const [found] = await session.rows(
        `SELECT count(*) AS count, count(*) FILTER (WHERE ${kept}) AS rows, min(eventid) FILTER (WHERE ${kept}) AS low,
           max(eventid) FILTER (WHERE ${kept}) AS high, epoch_ms(min(eventtime) FILTER (WHERE ${kept})) AS first,
           epoch_ms(max(eventtime) FILTER (WHERE ${kept})) AS last, avg(strlen(eventdata_text)) AS length FROM ${source}`,
      );
      const { count, rows, low, high, first, last, length } = found!;
      const dropped = Number(count) - Number(rows);
      if (dropped === 0 || Number(rows) === 0) return { dropped, written: undefined, close };
      const file = join(directory, "rewritten.parquet");
      const copy = (select: string, to: string, level: number, rowGroupBytes: number): Promise<number> =>
        session.run(
          `COPY (${select}) TO ${literal(to)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL ${level}, ROW_GROUP_SIZE ${rowGroupSize(Number(length), rowGroupBytes)})`,
        );
      const sorted = await sortedRows(session, {
        paths: [path],
        kept: { where: kept, paths: new Set([path]) },
        count: Number(count),
        maxSorted: memoryBytes / 6 / Math.max(1, Number(length)),
        spill: async (select, n) => {
          await copy(select, `${file}.${n}`, 1, memoryBytes / 32 / threads);
          return `${file}.${n}`;
        },
      });
      await copy(sorted, file, 3, memoryBytes / 16 / threads);
      const written = {
        rows: Number(rows),
        minEventId: String(low),
        maxEventId: String(high),
        minEventTime: Number(first),
        maxEventTime: Number(last),
        ...(await measure(file)),
        content: { file },
      };
      return { dropped, written, close };
    } finally {
      session.close();
    }
  } catch (error) {
    await close();
    throw error;
  }
}
