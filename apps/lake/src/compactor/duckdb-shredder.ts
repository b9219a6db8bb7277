import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { duckDBBatch } from "./duckdb-batch.ts";
import { duckDBMerge } from "./duckdb-merge.ts";
import { duckDBRewrite } from "./duckdb-rewrite.ts";
import { DuckDBSession } from "./duckdb-session.ts";
import { loadEvents } from "./load-events.ts";
import { loadTexts } from "./load-texts.ts";
import type { Shredder } from "./shredder.ts";

export interface DuckDBShredderOptions {
  /** For files on their way, on the file system of the objects. Emptied at the start. */
  readonly workDirectory: string;
  readonly threads: number;
  /** Of compaction; a merge beside it takes half as much again, and one thread. */
  readonly memoryBytes: number;
}

/** A shredder that writes zstd Parquet by DuckDB, in this process. Close it to free DuckDB's memory. */
export async function openDuckDBShredder(
  options: DuckDBShredderOptions,
): Promise<Shredder & { close(): Promise<void> }> {
  const { workDirectory, threads, memoryBytes } = options;
  await rm(workDirectory, { recursive: true, force: true });
  await mkdir(workDirectory, { recursive: true, mode: 0o700 });
  const open = (): Promise<DuckDBSession> =>
    DuckDBSession.open({ spillDirectory: join(workDirectory, "spill"), threads, memoryBytes });
  let session = await open();
  return {
    load: async (blobs, { textOnly = false } = {}) => {
      if (session.broken) {
        session.close();
        session = await open();
      }
      const directory = join(workDirectory, randomUUID());
      await mkdir(directory, { mode: 0o700 });
      try {
        if (textOnly) await loadTexts(session, blobs);
        else await loadEvents(session, directory, blobs, threads);
      } catch (error) {
        await rm(directory, { recursive: true, force: true });
        throw error;
      }
      return duckDBBatch(session, directory, memoryBytes / 16 / threads, textOnly);
    },
    merge: (paths, mergeOptions) =>
      duckDBMerge(
        { directory: join(workDirectory, randomUUID()), threads: 1, memoryBytes: memoryBytes / 2 },
        paths,
        mergeOptions,
      ),
    rewrite: (path, eventIds) =>
      duckDBRewrite(
        { directory: join(workDirectory, randomUUID()), threads: 1, memoryBytes: memoryBytes / 2 },
        path,
        eventIds,
      ),
    close: async () => {
      session.close();
      await rm(workDirectory, { recursive: true, force: true });
    },
  };
}
