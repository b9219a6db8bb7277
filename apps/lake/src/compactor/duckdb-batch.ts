import { rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBSession, isMachineFault, literal } from "./duckdb-session.ts";
import { shredExpression, tableColumns } from "./event-columns.ts";
import { measure } from "./measure.ts";
import { rowGroupSize } from "./row-group-size.ts";
import type { ShredBatch, ShreddedFile } from "./shredder.ts";

type Statistics = Omit<ShreddedFile, "content" | "unshredded" | "bytes" | "sha256"> & { readonly rowGroup: number };

/**
 * The batch in the table `events` of a session. `rowGroupBytes` of text are held by each writing thread. With `textOnly` no text is
 * parsed: all typed columns are NULL.
 */
export function duckDBBatch(
  session: DuckDBSession,
  directory: string,
  rowGroupBytes: number,
  textOnly: boolean,
): ShredBatch {
  return {
    dropExpired: (retentionMs) =>
      session.run(`DELETE FROM events WHERE eventtime < ingestiontime - ${Math.round(retentionMs)}`),

    idRange: async () => {
      const [found] = await session.rows("SELECT min(eventid) AS low, max(eventid) AS high FROM events");
      return found?.["low"] == null ? undefined : { from: String(found["low"]), to: String(found["high"]) };
    },

    dropPurged: async (eventIds) => {
      await session.run("CREATE OR REPLACE TABLE purged (eventid VARCHAR)");
      await session.append("purged", (appender) => {
        for (const eventId of eventIds) {
          appender.appendVarchar(eventId);
          appender.endRow();
        }
      });
      const dropped = await session.run("DELETE FROM events WHERE eventid IN (SELECT eventid FROM purged)");
      await session.run("DROP TABLE purged");
      return dropped;
    },

    dropDuplicates: () =>
      session.run(`DELETE FROM events WHERE rowid IN (
        SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY eventid ORDER BY ingestiontime, rowid) AS copy
          FROM events WHERE eventid IN (SELECT eventid FROM events GROUP BY eventid HAVING count(*) > 1)) WHERE copy > 1)`),

    overlapping: async (files) => {
      if (files.length === 0) return [];
      const ranges = files.map(
        ({ minEventId, maxEventId }, n) => `(${n}, ${literal(minEventId)}, ${literal(maxEventId)})`,
      );
      const found = await session.rows(`SELECT n FROM (VALUES ${ranges.join(", ")}) AS range (n, low, high)
        WHERE EXISTS (SELECT 1 FROM events WHERE eventid BETWEEN low AND high) ORDER BY n`);
      return found.map(({ n }) => files[Number(n)]!);
    },

    dropHeld: async (paths) => {
      if (paths.length === 0) return 0;
      const list = paths.map(literal).join(", ");
      return await session.run(
        `DELETE FROM events WHERE eventid IN (SELECT eventid FROM read_parquet([${list}], hive_partitioning = false))`,
      );
    },

    days: async () => {
      const found = await session.rows("SELECT DISTINCT day FROM events ORDER BY day");
      return found.map(({ day }) => new Date(Number(day) * 86_400_000).toISOString().slice(0, 10));
    },

    write: async (eventDay) => {
      const day = Date.parse(`${eventDay}T00:00:00Z`) / 86_400_000;
      const file = join(directory, `${eventDay}.parquet`);
      const { rowGroup, ...statistics } = await statisticsOf(session, day, rowGroupBytes);
      const copy = async (shredded: "all" | "not hostile" | "none"): Promise<void> => {
        await rm(file, { force: true });
        await session.run(
          `COPY (SELECT ${tableColumns(shredded)} FROM (SELECT * FROM events WHERE day = ${day} ORDER BY eventtime, eventid))
           TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup})`,
        );
      };
      if (textOnly) {
        await copy("none");
        return { ...statistics, ...(await measure(file)), content: { file }, unshredded: statistics.rows };
      }
      let unshredded = 0;
      try {
        await copy("all");
      } catch (error) {
        if (isMachineFault(error)) throw error;
        unshredded = await isolate(session, day);
        if (unshredded === 0) throw error;
        await copy("not hostile");
      }
      return { ...statistics, ...(await measure(file)), content: { file }, unshredded };
    },

    close: async () => {
      if (!session.broken) await session.run("DROP TABLE IF EXISTS events");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Marks the rows of a day whose text cannot be shredded, found by halving, and answers how many they are. */
async function isolate(session: DuckDBSession, day: number): Promise<number> {
  const probe = async (low: number, high: number): Promise<number> => {
    try {
      await session.run(
        `SELECT count(${shredExpression}) FROM events WHERE day = ${day} AND rowid BETWEEN ${low} AND ${high}`,
      );
      return 0;
    } catch (error) {
      if (isMachineFault(error)) throw error;
      if (low === high) return await session.run(`UPDATE events SET hostile = true WHERE rowid = ${low}`);
      const middle = Math.floor((low + high) / 2);
      return (await probe(low, middle)) + (await probe(middle + 1, high));
    }
  };
  const [range] = await session.rows(`SELECT min(rowid) AS low, max(rowid) AS high FROM events WHERE day = ${day}`);
  return await probe(Number(range!["low"]), Number(range!["high"]));
}

async function statisticsOf(session: DuckDBSession, day: number, rowGroupBytes: number): Promise<Statistics> {
  const [found] = await session.rows(
    `SELECT count(*) AS count, min(eventid) AS low, max(eventid) AS high, min(eventtime) AS first, max(eventtime) AS last,
       avg(strlen(eventdata)) AS length FROM events WHERE day = ${day}`,
  );
  const { count, low, high, first, last, length } = found!;
  return {
    rows: Number(count),
    minEventId: String(low),
    maxEventId: String(high),
    minEventTime: Number(first),
    maxEventTime: Number(last),
    rowGroup: rowGroupSize(Number(length), rowGroupBytes),
  };
}
