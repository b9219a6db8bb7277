import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { FileRecord } from "../catalog/store-catalog.ts";
import { journalLine, packLines, unpackEvents } from "../journal/journal-line.ts";
import { shredExpression, tableColumns } from "./event-columns.ts";
import type { ShredBatch, ShreddedFile, Shredder } from "./shredder.ts";

export interface DuckDBShredderOptions {
  /** For files on their way, on the file system of the objects. Emptied at the start. */
  readonly workDirectory: string;
  readonly threads: number;
  readonly memoryBytes: number;
}

const lineColumns =
  "{eventid: 'VARCHAR', eventtime: 'BIGINT', ingestiontime: 'BIGINT', channelarn: 'VARCHAR', awsregion: 'VARCHAR', recipientaccountid: 'VARCHAR', eventdata: 'VARCHAR'}";

/** A shredder that writes zstd Parquet by DuckDB, in this process. Close it to free DuckDB's memory. */
export async function openDuckDBShredder(
  options: DuckDBShredderOptions,
): Promise<Shredder & { close(): Promise<void> }> {
  const { workDirectory } = options;
  await rm(workDirectory, { recursive: true, force: true });
  await mkdir(workDirectory, { recursive: true, mode: 0o700 });
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(options.threads),
    memory_limit: `${Math.floor(options.memoryBytes / 1024 ** 2)}MiB`,
    temp_directory: join(workDirectory, "spill"),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return {
    load: async (blobs) => {
      const directory = join(workDirectory, randomUUID());
      await mkdir(directory, { mode: 0o700 });
      try {
        await loadEvents(connection, directory, blobs, options.threads);
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
      return duckDBBatch(connection, directory);
    },
    close: async () => {
      connection.closeSync();
      instance.closeSync();
      await rm(workDirectory, { recursive: true, force: true });
    },
  };
}

async function loadEvents(
  connection: DuckDBConnection,
  directory: string,
  blobs: readonly Uint8Array[],
  threads: number,
): Promise<void> {
  const read = async (parts: readonly Uint8Array[]): Promise<void> => {
    const files = await writeParts(directory, parts, threads);
    await connection.run("DROP TABLE IF EXISTS events");
    await connection.run(
      `CREATE TABLE events AS SELECT *, CAST(eventtime // 86400000 AS INTEGER) AS day, false AS hostile
       FROM read_json([${files.map(literal).join(", ")}], format = 'newline_delimited', compression = 'zstd', columns = ${lineColumns}, maximum_object_size = 16777216)`,
    );
  };
  try {
    await read(blobs);
  } catch {
    // A lone surrogate, which ingest refuses, has no UTF-8 and fails the whole file: such text is stored with U+FFFD.
    await read(blobs.map(wellFormed));
  }
}

/** A file a thread: DuckDB reads a compressed file by one. Frames of zstd one after the other are one zstd file. */
async function writeParts(directory: string, blobs: readonly Uint8Array[], threads: number): Promise<string[]> {
  const each = Math.ceil(blobs.length / threads);
  const files: string[] = [];
  for (let start = 0; start < blobs.length; start += each) {
    const file = join(directory, `part-${String(files.length).padStart(3, "0")}.ndjson.zst`);
    await writeFile(file, blobs.slice(start, start + each), { mode: 0o600 });
    files.push(file);
  }
  return files;
}

function wellFormed(blob: Uint8Array): Uint8Array {
  const text = (eventdata: string): string => Buffer.from(eventdata, "utf8").toString("utf8");
  return packLines(unpackEvents(blob).map((event) => journalLine({ ...event, eventdata: text(event.eventdata) })));
}

function duckDBBatch(connection: DuckDBConnection, directory: string): ShredBatch {
  const deleted = async (sql: string): Promise<number> => (await connection.run(sql)).rowsChanged;
  const rows = async (sql: string): Promise<readonly Record<string, unknown>[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJS();

  /** Rows of a day whose text cannot be shredded, found by halving. */
  const isolate = async (day: number): Promise<number> => {
    const probe = async (low: number, high: number): Promise<number> => {
      try {
        await connection.run(
          `SELECT count(${shredExpression}) FROM events WHERE day = ${day} AND rowid BETWEEN ${low} AND ${high}`,
        );
        return 0;
      } catch {
        if (low === high) return await deleted(`UPDATE events SET hostile = true WHERE rowid = ${low}`);
        const middle = Math.floor((low + high) / 2);
        return (await probe(low, middle)) + (await probe(middle + 1, high));
      }
    };
    const [range] = await rows(`SELECT min(rowid) AS low, max(rowid) AS high FROM events WHERE day = ${day}`);
    return await probe(Number(range!["low"]), Number(range!["high"]));
  };

  return {
    dropExpired: (retentionMs) =>
      deleted(`DELETE FROM events WHERE eventtime < ingestiontime - ${Math.round(retentionMs)}`),

    dropDuplicates: () =>
      deleted(`DELETE FROM events WHERE rowid IN (
        SELECT rowid FROM (SELECT rowid, row_number() OVER (PARTITION BY eventid ORDER BY ingestiontime, rowid) AS copy
          FROM events WHERE eventid IN (SELECT eventid FROM events GROUP BY eventid HAVING count(*) > 1)) WHERE copy > 1)`),

    overlapping: async (files) => {
      if (files.length === 0) return [];
      const ranges = files.map(
        ({ minEventId, maxEventId }, n) => `(${n}, ${literal(minEventId)}, ${literal(maxEventId)})`,
      );
      const found = await rows(`SELECT n FROM (VALUES ${ranges.join(", ")}) AS range (n, low, high)
        WHERE EXISTS (SELECT 1 FROM events WHERE eventid BETWEEN low AND high) ORDER BY n`);
      return found.map(({ n }) => files[Number(n)]!);
    },

    dropHeld: async (paths) => {
      if (paths.length === 0) return 0;
      const list = paths.map(literal).join(", ");
      return await deleted(
        `DELETE FROM events WHERE eventid IN (SELECT eventid FROM read_parquet([${list}], hive_partitioning = false))`,
      );
    },

    days: async () => {
      const found = await rows("SELECT DISTINCT day FROM events ORDER BY day");
      return found.map(({ day }) => new Date(Number(day) * 86_400_000).toISOString().slice(0, 10));
    },

    write: async (eventDay) => {
      const day = Date.parse(`${eventDay}T00:00:00Z`) / 86_400_000;
      const file = join(directory, `${eventDay}.parquet`);
      const copy = async (hostile: boolean): Promise<void> => {
        await rm(file, { force: true });
        await connection.run(
          `COPY (SELECT ${tableColumns(hostile)} FROM (SELECT * FROM events WHERE day = ${day} ORDER BY eventtime, eventid))
           TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`,
        );
      };
      let unshredded = 0;
      try {
        await copy(false);
      } catch (error) {
        unshredded = await isolate(day);
        // Not a row's fault: the disk, or memory.
        if (unshredded === 0) throw error;
        await copy(true);
      }
      return { ...(await describe(rows, day)), ...(await measure(file)), content: { file }, unshredded };
    },

    close: async () => {
      await connection.run("DROP TABLE IF EXISTS events");
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function describe(
  rows: (sql: string) => Promise<readonly Record<string, unknown>[]>,
  day: number,
): Promise<Pick<FileRecord, "rows" | "minEventId" | "maxEventId" | "minEventTime" | "maxEventTime">> {
  const [found] = await rows(
    `SELECT count(*) AS rows, min(eventid) AS low, max(eventid) AS high, min(eventtime) AS first, max(eventtime) AS last FROM events WHERE day = ${day}`,
  );
  const { rows: count, low, high, first, last } = found!;
  return {
    rows: Number(count),
    minEventId: low as string,
    maxEventId: high as string,
    minEventTime: Number(first),
    maxEventTime: Number(last),
  };
}

async function measure(file: string): Promise<Pick<ShreddedFile, "bytes" | "sha256">> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return { bytes: (await stat(file)).size, sha256: hash.digest("hex") };
}

/** A SQL string literal; the values are our own paths and ids. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
