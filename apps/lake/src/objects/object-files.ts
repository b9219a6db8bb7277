import { createReadStream } from "node:fs";
import {
  chmod,
  link,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rmdir,
  stat,
  unlink,
  writeFile,
} from "node:fs/promises";

/** The calls by which a directory of objects is written. A test gives a simulated one that forgets what was not synced. */
export interface ObjectFiles {
  /** Makes one directory; no error when it is there. With `mode` it has exactly that afterwards, whatever the umask. */
  makeDirectory(path: string, mode?: number): Promise<void>;
  /** Removes a directory that is empty; one that is not stays, without an error. */
  removeEmptyDirectory(path: string): Promise<boolean>;
  /** Writes a file that must not exist. Not durable before `sync`. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Mode 0444: the query child may read an object and nobody may write one. */
  seal(path: string): Promise<void>;
  /** fsync of a file, or of a directory, which makes the names in it durable. */
  sync(path: string): Promise<void>;
  /** link(2): refuses an existing name with EEXIST, where rename would replace it silently. */
  link(from: string, to: string): Promise<void>;
  /** rename(2): replaces what has the name, atomically. */
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  read(path: string): Promise<Uint8Array>;
  readChunks(path: string): AsyncIterable<Uint8Array>;
  /** What has the name, not what a link leads to; undefined when it is absent. */
  kind(path: string): Promise<"file" | "directory" | "link" | "other" | undefined>;
  /** When a file was last written, ms since 1970. */
  modifiedAt(path: string): Promise<number>;
  /** Names in a directory, `/` after a directory's; none when it is absent. */
  names(path: string): Promise<readonly string[]>;
}

/** The real file system. */
export const nodeFiles: ObjectFiles = {
  makeDirectory: async (path, mode) => {
    await mkdir(path, { recursive: true, mode: mode ?? 0o711 });
    if (mode !== undefined) await chmod(path, mode);
  },
  removeEmptyDirectory: async (path) => {
    try {
      await rmdir(path);
      return true;
    } catch (error) {
      if (hasCode(error, "ENOTEMPTY", "EEXIST", "ENOENT", "EPERM", "EBUSY")) return false;
      throw error;
    }
  },
  write: (path, bytes) => writeFile(path, bytes, { flag: "wx" }),
  seal: (path) => chmod(path, 0o444),
  sync: async (path) => {
    let handle;
    try {
      handle = await open(path, "r");
    } catch (error) {
      // Windows opens no directory.
      if (process.platform === "win32" && hasCode(error, "EISDIR", "EPERM", "EACCES")) return;
      throw error;
    }
    try {
      await handle.sync();
    } catch (error) {
      if (process.platform !== "win32" || !hasCode(error, "EPERM")) throw error;
    } finally {
      await handle.close();
    }
  },
  link,
  rename: async (from, to) => {
    // Windows replaces no file that is read-only.
    if (process.platform === "win32") await chmod(to, 0o666).catch(() => undefined);
    await rename(from, to);
  },
  unlink,
  read: readFile,
  readChunks: (path) => createReadStream(path) as AsyncIterable<Uint8Array>,
  kind: async (path) => {
    try {
      const found = await lstat(path);
      if (found.isFile()) return "file";
      return found.isDirectory() ? "directory" : found.isSymbolicLink() ? "link" : "other";
    } catch (error) {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    }
  },
  modifiedAt: async (path) => (await stat(path)).mtimeMs,
  names: async (path) => {
    try {
      const entries = await readdir(path, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch (error) {
      if (hasCode(error, "ENOENT")) return [];
      throw error;
    }
  },
};

/** Whether a file system error has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? "");
}
