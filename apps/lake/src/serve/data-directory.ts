import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";
import type { MasterKeySource } from "../secrets/master-key.ts";

/** Where a lake's parts are inside its data directory. */
export interface DataDirectory {
  readonly path: string;
  /** The SQLite file of the catalog. */
  readonly catalogFile: string;
  readonly objects: string;
}

/** Makes the directory, mode 0700, or takes an existing one. Throws `DATA_DIRECTORY_NOT_USABLE`, `CATALOG_MISSING`. */
export function openDataDirectory(path: string): DataDirectory {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new TributaryError(`The data directory ${path} cannot be made: ${messageOf(cause)}`, {
      code: "DATA_DIRECTORY_NOT_USABLE",
      cause,
    });
  }
  const { mode } = statSync(path);
  if (process.platform !== "win32" && (mode & 0o077) !== 0)
    throw new TributaryError(`Others than its owner can use the data directory ${path}. Run: chmod 700 ${path}`, {
      code: "DATA_DIRECTORY_NOT_USABLE",
    });
  const directory = { path, catalogFile: join(path, "catalog.sqlite"), objects: join(path, "objects") };
  refuseWithoutCatalog(directory);
  return directory;
}

/** An empty lake in the place of one whose catalog is gone would look as if nothing had happened. */
function refuseWithoutCatalog({ path, catalogFile, objects }: DataDirectory): void {
  if ((statSync(catalogFile, { throwIfNoEntry: false })?.size ?? 0) > 0) return;
  const tables = join(objects, "tables");
  if (!existsSync(tables) || readdirSync(tables).length === 0) return;
  throw new TributaryError(
    `The data directory ${path} has the tables of a lake, and not its catalog.sqlite: a restore that did not end, or a catalog that was deleted or emptied. Restore a backup into a directory that is not there.`,
    { code: "CATALOG_MISSING" },
  );
}

/** The master key file that the lake makes for itself where no other is named. */
export function ownMasterKey({ path }: Pick<DataDirectory, "path">): MasterKeySource {
  return { kind: "file", path: join(path, "master.key"), own: true };
}

/**
 * Holds the directory for one server. The lock is the kernel's, on an open file, so a killed server frees it.
 * Throws `DATA_DIRECTORY_IN_USE`. Release it by calling the answer.
 */
export function lockDataDirectory(directory: DataDirectory): () => void {
  const lock = new DatabaseSync(join(directory.path, "serve.lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw new TributaryError(
      `Another lake serves the data directory ${directory.path}. Stop it, or give this one another directory.`,
      { code: "DATA_DIRECTORY_IN_USE", cause },
    );
  }
  return () => lock.close();
}

/** Whether a server holds the directory now. */
export function isServed(path: string): boolean {
  const file = join(path, "serve.lock");
  // Throws where the directory cannot be looked into.
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return false;
  const lock = new DatabaseSync(file, { readOnly: true, timeout: 0 });
  try {
    lock.prepare("SELECT COUNT(*) FROM sqlite_master").get();
    return false;
  } catch (error) {
    if (/locked/.test(messageOf(error))) return true;
    throw error;
  } finally {
    lock.close();
  }
}
