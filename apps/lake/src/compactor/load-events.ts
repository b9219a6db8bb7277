import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { journalLine, packLines, unpackEvents } from "../journal/journal-line.ts";
import { type DuckDBSession, isMachineFault, literal } from "./duckdb-session.ts";

const lineColumns =
  "{eventid: 'VARCHAR', eventtime: 'BIGINT', ingestiontime: 'BIGINT', channelarn: 'VARCHAR', awsregion: 'VARCHAR', recipientaccountid: 'VARCHAR', eventdata: 'VARCHAR'}";

/** An event is at most 256 KiB, its line at most three times that. */
const maxLineBytes = 4 * 1024 ** 2;

/** Makes the table `events` of journal rows, still compressed; `parts` files are read at once. */
export async function loadEvents(
  session: DuckDBSession,
  directory: string,
  blobs: readonly Uint8Array[],
  parts: number,
): Promise<void> {
  const read = async (each: readonly Uint8Array[]): Promise<void> => {
    const files = await writeParts(directory, each, parts);
    await session.run("DROP TABLE IF EXISTS events");
    await session.run(
      `CREATE TABLE events AS SELECT *, CAST(eventtime // 86400000 AS INTEGER) AS day, false AS hostile
       FROM read_json([${files.map(literal).join(", ")}], format = 'newline_delimited', compression = 'zstd',
         columns = ${lineColumns}, maximum_object_size = ${maxLineBytes})`,
    );
  };
  try {
    await read(blobs);
  } catch (error) {
    if (isMachineFault(error)) throw error;
    // A lone surrogate, which ingest refuses, has no UTF-8 and fails the whole file: such text is stored with U+FFFD.
    await read(blobs.map(wellFormed));
  }
}

/** DuckDB reads a compressed file by one thread. Frames of zstd one after the other are one zstd file. */
async function writeParts(directory: string, blobs: readonly Uint8Array[], parts: number): Promise<string[]> {
  const each = Math.ceil(blobs.length / parts);
  const files: string[] = [];
  for (let start = 0; start < blobs.length; start += each) {
    const file = join(directory, `part-${String(files.length).padStart(3, "0")}.ndjson.zst`);
    await writeFile(file, blobs.slice(start, start + each), { mode: 0o600 });
    files.push(file);
  }
  return files;
}

function wellFormed(blob: Uint8Array): Uint8Array {
  return packLines(
    unpackEvents(blob).map((event) =>
      journalLine({ ...event, eventdata: Buffer.from(event.eventdata, "utf8").toString("utf8") }),
    ),
  );
}
