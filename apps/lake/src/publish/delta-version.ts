import type { CommitRecord, FileRecord, StoreCommit } from "../catalog/store-catalog.ts";
import { deltaSchemaString } from "./delta-schema.ts";

/** What a commit row's `actions` hold, as the catalog wrote them. */
export interface CommitActions {
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
  const { kind, createdAt, add, remove } = commitActions(commit);
  return lines([
    { commitInfo: { timestamp: createdAt, operation: operations[kind], operationParameters: {} } },
    ...remove.map(({ path }) => removeAction(storeId, path, { removedAt: createdAt, kind })),
    ...add.map((file) => addAction(storeId, file, { modificationTime: createdAt, dataChange: kind !== "merge" })),
  ]);
}

/** What a commit did. Throws when its text is no JSON. */
export function commitActions({ actions }: Pick<CommitRecord, "actions">): CommitActions {
  const said: CommitActions = JSON.parse(actions);
  return said;
}

/** A file that a commit of this kind removed, at `removedAt` ms. */
export function removeAction(
  storeId: string,
  path: string,
  { removedAt, kind }: { readonly removedAt: number; readonly kind: StoreCommit["kind"] },
): object {
  return {
    remove: { path: pathInTable(storeId, path), deletionTimestamp: removedAt, dataChange: kind !== "merge" },
  };
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
