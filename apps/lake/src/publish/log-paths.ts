import type { LogToClean } from "../catalog/publication-catalog.ts";

const logOf = (storeId: string): string => `tables/${storeId}/_delta_log`;
const padded = (version: number): string => String(version).padStart(20, "0");

/** Where a version of a store's table is published. The table's directory is its parent's parent. */
export function deltaPath(storeId: string, version: number): string {
  return `${logOf(storeId)}/${padded(version)}.json`;
}

/** Where a V1 classic checkpoint of a version is. */
export function checkpointPath(storeId: string, version: number): string {
  return `${logOf(storeId)}/${padded(version)}.checkpoint.parquet`;
}

/** The object that tells readers where the newest checkpoint is: the only one that is ever replaced. */
export function hintPath(storeId: string): string {
  return `${logOf(storeId)}/_last_checkpoint`;
}

/**
 * Every object that is to be deleted of a log, in the order of versions, so that a reader never finds a gap above a version that it
 * can read. Of a retired publication that is every object of it.
 */
export function* logObjects({ storeId, from, to, checkpoints, attempts, retired }: LogToClean): Generator<string> {
  if (retired) yield hintPath(storeId);
  const withCheckpoint = new Set(checkpoints);
  for (let version = from; version < to; version++) {
    yield deltaPath(storeId, version);
    if (withCheckpoint.has(version)) yield checkpointPath(storeId, version);
  }
  for (const { first, last } of attempts) {
    for (let version = first; version <= last; version++) {
      yield deltaPath(storeId, version);
      yield checkpointPath(storeId, version);
    }
  }
}
