import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { DatabaseSync } from "node:sqlite";

/** Opens a database without leaving anything beside it: SQLite makes a log for a file in WAL mode even when it only reads. */
export function openReadOnly(file: string): DatabaseSync {
  const url = pathToFileURL(file);
  // Where there is no log nobody has the file open, and all that was committed is in it.
  if (!existsSync(`${file}-wal`)) url.searchParams.set("immutable", "1");
  return new DatabaseSync(url, { readOnly: true, timeout: 10_000 });
}
