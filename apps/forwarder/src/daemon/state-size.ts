import { statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";

export interface StateSize {
  /** Of the file and its log. */
  readonly bytes: number;
  /** What is left on its disk for this user. */
  readonly freeBytes: number;
}

/** How large a state file is; undefined where that cannot be read. */
export function stateSize(path: string): StateSize | undefined {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    return { bytes: statSync(path).size + log, freeBytes: bavail * bsize };
  } catch {
    return undefined;
  }
}
