import { statfsSync } from "node:fs";

/** What doctor asks of the machine: tests plant it. */
export interface Machine {
  /** Such as `24.1.0`. */
  readonly nodeVersion: string;
  /** Of this process; undefined where there are none. */
  readonly uid: number | undefined;
  /** The kind (`f_type` of statfs(2)) and the room of a directory's file system. */
  fileSystem(path: string): { readonly type: number; readonly freeBytes: number };
}

export const thisMachine: Machine = {
  nodeVersion: process.versions.node,
  uid: process.getuid?.(),
  fileSystem: (path) => {
    const { type, bavail, bsize } = statfsSync(path);
    return { type, freeBytes: bavail * bsize };
  },
};
