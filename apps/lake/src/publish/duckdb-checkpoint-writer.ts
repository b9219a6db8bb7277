import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DuckDBSession, literal } from "../compactor/duckdb-session.ts";
import type { CheckpointWriter } from "./checkpoint-writer.ts";

/** The columns of a checkpoint that this lake fills; the others are optional. */
const columns: Readonly<Record<string, string>> = {
  add: `STRUCT(path VARCHAR, "partitionValues" MAP(VARCHAR, VARCHAR), size BIGINT, "modificationTime" BIGINT, "dataChange" BOOLEAN, stats VARCHAR)`,
  remove: `STRUCT(path VARCHAR, "deletionTimestamp" BIGINT, "dataChange" BOOLEAN)`,
  metaData: `STRUCT(id VARCHAR, format STRUCT(provider VARCHAR, options MAP(VARCHAR, VARCHAR)), "schemaString" VARCHAR, "partitionColumns" VARCHAR[], configuration MAP(VARCHAR, VARCHAR))`,
  protocol: `STRUCT("minReaderVersion" INTEGER, "minWriterVersion" INTEGER)`,
};
const columnList = Object.entries(columns)
  .map(([name, type]) => `${literal(name)}: ${literal(type)}`)
  .join(", ");

const memoryBytes = 256 * 1024 ** 2;

/** A writer of Parquet by a DuckDB of its own, open for the one file alone. The directory is on the file system of the objects. */
export function duckDBCheckpointWriter({ workDirectory }: { readonly workDirectory: string }): CheckpointWriter {
  return {
    write: async (actions) => {
      const directory = join(workDirectory, randomUUID());
      const close = (): Promise<void> => rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true, mode: 0o700 });
      try {
        const source = join(directory, "actions.ndjson");
        await pipeline(lines(actions), createWriteStream(source));
        const file = join(directory, "checkpoint.parquet");
        const session = await DuckDBSession.open({ spillDirectory: join(directory, "spill"), threads: 1, memoryBytes });
        try {
          // Snappy: what every reader of checkpoints has.
          await session.run(
            `COPY (SELECT * FROM read_json(${literal(source)}, format = 'newline_delimited', maximum_object_size = 16777216, columns = {${columnList}}))
             TO ${literal(file)} (FORMAT parquet, COMPRESSION snappy)`,
          );
        } finally {
          session.close();
        }
        return { content: { file }, close };
      } catch (error) {
        await close();
        throw error;
      }
    },
  };
}

function* lines(actions: readonly object[]): Generator<string> {
  for (const action of actions) yield `${JSON.stringify(action)}\n`;
}
