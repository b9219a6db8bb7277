import type { CommitRecord, FileRecord, StoreCommit } from "../catalog/store-catalog.ts";
import { deltaSchemaString } from "./delta-schema.ts";

/** What a commit row's `actions` hold, as the catalog wrote them. */
interface CommitActions {
  readonly kind: StoreCommit["kind"];
  readonly createdAt: number;
  readonly add: readonly FileRecord[];
  readonly remove: readonly { readonly path: string }[];
}

const operations: Readonly<Record<StoreCommit["kind"], string>> = {
  compaction: "WRITE",
  merge: "OPTIMIZE",
  retention: "DELETE",
  purge: "DELETE",
  // Typed columns may differ from before: readers of changes see the rows again.
  rebuild: "UPDATE",
};

/** How long the log keeps versions before a checkpoint. */
export const logRetentionMs = 7 * 86_400_000;

/** How long a removed file stays after its removal was published, at least. */
export const deletedFileRetentionMs = 600_000;

/** What a table is, in its first version and in every checkpoint. Reader 1, writer 2, no features. */
export function deltaTable(storeId: string): readonly object[] {
  return [
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: storeId,
        format: { provider: "parquet", options: {} },
        schemaString: deltaSchemaString,
        partitionColumns: ["eventday"],
        configuration: {
          "delta.logRetentionDuration": `interval ${logRetentionMs / 86_400_000} days`,
          "delta.deletedFileRetentionDuration": `interval ${deletedFileRetentionMs / 60_000} minutes`,
        },
      },
    },
  ];
}

/** Version 0: the table, without a file. */
export function deltaStart(storeId: string): string {
  return lines(deltaTable(storeId));
}

/**
 * A version of a store's table in Delta Lake's log format, made of its commit row and nothing else, so that every publisher makes
 * the same bytes. https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 */
export function deltaVersion(storeId: string, commit: CommitRecord): string {
  const { kind, createdAt, add, remove }: CommitActions = JSON.parse(commit.actions);
  const dataChange = kind !== "merge";
  return lines([
    { commitInfo: { timestamp: createdAt, operation: operations[kind], operationParameters: {} } },
    ...remove.map(({ path }) => ({
      remove: { path: pathInTable(storeId, path), deletionTimestamp: createdAt, dataChange },
    })),
    ...add.map((file) => addAction(storeId, file, { modificationTime: createdAt, dataChange })),
  ]);
}

/** A live file, with the number of its rows and the range of its ids and times. */
export function addAction(
  storeId: string,
  file: FileRecord,
  { modificationTime, dataChange }: { readonly modificationTime: number; readonly dataChange: boolean },
): object {
  return {
    add: {
      path: pathInTable(storeId, file.path),
      partitionValues: { eventday: file.eventDay },
      size: file.bytes,
      modificationTime,
      dataChange,
      stats: JSON.stringify({
        numRecords: file.rows,
        minValues: { eventid: file.minEventId, eventtime: new Date(file.minEventTime).toISOString() },
        maxValues: { eventid: file.maxEventId, eventtime: new Date(file.maxEventTime).toISOString() },
        nullCount: { eventid: 0, eventtime: 0 },
      }),
    },
  };
}

/** A file's object path as the log has it: relative to the table's directory. */
export function pathInTable(storeId: string, path: string): string {
  const root = `tables/${storeId}/`;
  if (!path.startsWith(root)) throw new Error(`file ${path} is not under ${root}`);
  return path.slice(root.length);
}

function lines(actions: readonly object[]): string {
  return actions.map((action) => `${JSON.stringify(action)}\n`).join("");
}
