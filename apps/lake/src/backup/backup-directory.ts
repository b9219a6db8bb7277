import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import type { Manifest } from "./manifest.ts";
import { manifestFile } from "./manifest.ts";

const marker = "tributary-backup";
const lockFile = "backup.lock";

/** Makes a backup's directory, mode 0700, or takes one, and holds it. Throws `BACKUP_TARGET_NOT_USABLE`. Answers what lets go of it. */
export function holdBackupDirectory(directory: string, data: string): () => void {
  if (isInside(directory, data) || isInside(data, directory))
    throw notUsable(`${directory} and the data directory ${data} lie in each other. Name a directory elsewhere.`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32" && (statSync(directory).mode & 0o077) !== 0)
    throw notUsable(`Others than its owner can use ${directory}. Run: chmod 700 ${directory}`);
  if (!existsSync(join(directory, marker))) {
    if (readdirSync(directory).length > 0)
      throw notUsable(
        `${directory} holds other things than a backup. Name an empty directory, or one that is not there.`,
      );
    writeFileSync(join(directory, marker), "A backup of a Tributary lake. tributary-lake restore reads it.\n", {
      mode: 0o600,
    });
  }
  const lock = new DatabaseSync(join(directory, lockFile), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
  } catch (cause) {
    lock.close();
    throw notUsable(`Another backup writes to ${directory}.`, cause);
  }
  return () => lock.close();
}

/** Deletes what the manifest does not name: earlier catalogs, objects that the lake has no more, what a killed backup left. */
export function prune(directory: string, { catalog, objects }: Manifest): number {
  const kept = new Set([marker, lockFile, `${lockFile}-journal`, manifestFile, catalog.file]);
  for (const { path } of objects) kept.add(join("objects", path));
  let pruned = 0;
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    if (kept.has(relative(directory, path))) continue;
    rmSync(path, { force: true });
    pruned += 1;
  }
  return pruned;
}

function isInside(path: string, directory: string): boolean {
  const way = relative(resolve(directory), resolve(path));
  return way === "" || (!way.startsWith("..") && resolve(directory, way) === resolve(path));
}

function notUsable(message: string, cause?: unknown): TributaryError {
  return new TributaryError(message, { code: "BACKUP_TARGET_NOT_USABLE", cause });
}
