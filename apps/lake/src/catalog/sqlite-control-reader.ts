import { DatabaseSync } from "node:sqlite";
import type { ControlCatalog } from "./control-catalog.ts";
import { sqliteControl } from "./sqlite-control.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** Control state for a process that changes none. */
export interface ControlReader extends Pick<ControlCatalog, "generation" | "readControl"> {
  close(): Promise<void>;
}

/** Opens an existing catalog file for reading. It sees what is committed, and waits for no writer. */
export function openControlReader(file: string): ControlReader {
  const db = new SqliteDatabase(
    new DatabaseSync(file, { readOnly: true, timeout: 10_000, enableForeignKeyConstraints: false }),
  );
  const control = sqliteControl(db, () => 0);
  return {
    generation: () => control.generation(),
    readControl: () => control.readControl(),
    close: async () => db.close(),
  };
}
