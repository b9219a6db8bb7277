import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { readApart } from "./read-apart.ts";

const magic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Every file under a directory. */
export function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** The compressed bytes of a store's journal rows, of each a piece that nothing else has. */
export function journalPieces(data: string, storeId: string): readonly Buffer[] {
  const db = new DatabaseSync(join(data, "catalog.sqlite"), { readOnly: true });
  try {
    return db
      .prepare("SELECT bytes FROM journal WHERE store_id = ?")
      .all(storeId)
      .map(({ bytes }) => Buffer.from(bytes as Uint8Array))
      .map((blob) => blob.subarray(Math.floor(blob.length / 3), Math.floor(blob.length / 3) + 48));
  } finally {
    db.close();
  }
}

/**
 * Where a text is in a data directory: as it is in any file, in zstd frames of the catalog and its log, decoded, and in Parquet files,
 * decoded. `pieces` are looked for as they are.
 */
export async function findCanary(
  data: string,
  text: string,
  pieces: readonly Buffer[] = [],
): Promise<readonly string[]> {
  const found = new Set<string>();
  const files = filesIn(data);
  for (const file of files) {
    const bytes = /\.sqlite/.test(file) ? readApart(file) : readFileSync(file);
    const name = file.slice(data.length + 1);
    if (bytes.includes(text)) found.add(`${kind(name)}: text`);
    if (pieces.some((piece) => bytes.includes(piece))) found.add(`${kind(name)}: compressed`);
    if (name.startsWith("catalog.sqlite") && frames(bytes).some((frame) => frame.includes(text)))
      found.add(`${kind(name)}: decoded`);
  }
  const tables = files.filter((file) => file.endsWith(".parquet"));
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  for (const table of tables) {
    const list = `read_parquet('${table}', hive_partitioning = false)`;
    const reader = await duckdb.runAndReadAll(
      `SELECT count(*) FROM ${list} WHERE contains(eventdata_text, '${text}') OR contains(CAST(eventdata AS VARCHAR), '${text}')`,
    );
    if (Number(reader.getRows()[0]![0]) > 0) found.add("table file");
  }
  duckdb.closeSync();
  return [...found].toSorted();
}

function kind(name: string): string {
  return name.startsWith("objects/results/") ? "result" : name;
}

/** What zstd frames begin anywhere in the bytes and can be read, whole: rows small enough for one page of the catalog. */
function frames(bytes: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(magic); at !== -1; at = bytes.indexOf(magic, at + 1)) {
    try {
      found.push(zstdDecompressSync(bytes.subarray(at, at + 65_536)));
    } catch {
      // Not a frame, or one that goes on in another page.
    }
  }
  return found;
}
