import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";

/** What a test of compaction works with: a real shredder and objects in a folder of its own, and DuckDB to read the tables. */
export async function openStorageWorkshop(threads: number) {
  const directory = mkdtempSync(join(tmpdir(), "tributary-storage-"));
  const memoryBytes = 512 * 1024 ** 2;
  const shredder = await openDuckDBShredder({ workDirectory: join(directory, "work"), threads, memoryBytes });
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  const objects = await openDirectoryObjects({ directory: join(directory, "objects") });
  return {
    directory,
    shredder,
    duckdb,
    objects,
    /** A catalog of its own for each test. */
    openCatalog: () => openSqliteCatalog({ file: ":memory:", clock: systemClock }),
    async close(): Promise<void> {
      await shredder.close();
      duckdb.closeSync();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
