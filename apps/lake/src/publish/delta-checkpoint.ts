import type { PublishedState } from "../catalog/publication-catalog.ts";
import { addAction, deltaTable, deletedFileRetentionMs, removeAction } from "./delta-version.ts";

/**
 * The actions of a V1 checkpoint of a store's table, one a row: protocol, metaData, every live file with its statistics, and the
 * removed files whose retention had not ended at the version's own time, so that no clock of now decides.
 * https://github.com/delta-io/delta/blob/master/PROTOCOL.md#checkpoints
 */
export function checkpointActions(storeId: string, state: PublishedState): readonly object[] {
  const { createdAt, files, removed } = state;
  return [
    ...deltaTable(storeId),
    ...files.map((file) => addAction(storeId, file, { modificationTime: file.addedAt, dataChange: false })),
    ...removed
      .filter(({ removedAt }) => removedAt > createdAt - deletedFileRetentionMs)
      .map(({ path, ...how }) => removeAction(storeId, path, how)),
  ];
}
