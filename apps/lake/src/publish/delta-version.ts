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

/** Where a version of a store's table is published. The table's directory is its parent's parent. */
export function deltaPath(storeId: string, version: number): string {
  return `tables/${storeId}/_delta_log/${String(version).padStart(20, "0")}.json`;
}

/** Version 0: the table, without a file. Reader 1, writer 2, no features. */
export function deltaStart(storeId: string): string {
  return lines([
    { protocol: { minReaderVersion: 1, minWriterVersion: 2 } },
    {
      metaData: {
        id: storeId,
        format: { provider: "parquet", options: {} },
        schemaString: deltaSchemaString,
        partitionColumns: ["eventday"],
        configuration: {},
      },
    },
  ]);
}

/**
 * A version of a store's table in Delta Lake's log format, made of its commit row and nothing else, so that every publisher makes
 * the same bytes. https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 */
export function deltaVersion(storeId: string, commit: CommitRecord): string {
  const { kind, createdAt, add, remove }: CommitActions = JSON.parse(commit.actions);
  const dataChange = kind !== "merge";
  const root = `tables/${storeId}/`;
  const relative = (path: string): string => {
    if (!path.startsWith(root)) throw new Error(`file ${path} is not under ${root}`);
    return path.slice(root.length);
  };
  return lines([
    { commitInfo: { timestamp: createdAt, operation: operations[kind], operationParameters: {} } },
    ...remove.map(({ path }) => ({ remove: { path: relative(path), deletionTimestamp: createdAt, dataChange } })),
    ...add.map((file) => ({
      add: {
        path: relative(file.path),
        partitionValues: { eventday: file.eventDay },
        size: file.bytes,
        modificationTime: createdAt,
        dataChange,
        stats: JSON.stringify({
          numRecords: file.rows,
          minValues: { eventid: file.minEventId, eventtime: new Date(file.minEventTime).toISOString() },
          maxValues: { eventid: file.maxEventId, eventtime: new Date(file.maxEventTime).toISOString() },
          nullCount: { eventid: 0, eventtime: 0 },
        }),
      },
    })),
  ]);
}

function lines(actions: readonly object[]): string {
  return actions.map((action) => `${JSON.stringify(action)}\n`).join("");
}
