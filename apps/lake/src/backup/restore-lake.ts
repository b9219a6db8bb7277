import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { TributaryError } from "@tributary/schema";
import { openSqliteCatalog, type SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { formatVersion } from "../catalog/sqlite-schema.ts";
import type { Clock } from "../clock.ts";
import type { Problem } from "../proof/problem.ts";
import { verifyHistory } from "../proof/verify-history.ts";
import { verifyJournal } from "../proof/verify-journal.ts";
import { hintPath } from "../publish/log-paths.ts";
import { hintText } from "../publish/publish-store.ts";
import { openDataDirectory } from "../serve/data-directory.ts";
import { copyFile, makeParent, type Measured, syncAll } from "./copy-file.ts";
import { type Manifest, readManifest } from "./manifest.ts";

export interface RestoreOptions {
  readonly from: string;
  /** Must not be there, or be empty. */
  readonly data: string;
  readonly clock: Clock;
  /** Ends the restore with its reason; then nothing of it is left. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((state: { readonly objects: number; readonly bytes: number }) => void) | undefined;
}

export interface Restored {
  /** When the backup was begun. */
  readonly begun: string;
  readonly stores: number;
  readonly objects: number;
  readonly bytes: number;
  /** Events in the journal. */
  readonly waiting: number;
}

/**
 * Makes a lake of a backup. Every file is held against its hash, each store's history against the heads in the manifest; only then is the catalog
 * put in its place, so what a killed restore leaves is no lake; a failed one leaves nothing. Throws `BACKUP_NOT_FOUND`, `BACKUP_NOT_VALID`,
 * `BACKUP_DAMAGED`, `RESTORE_TARGET_NOT_EMPTY`.
 */
export async function restoreLake(options: RestoreOptions): Promise<Restored> {
  const { from, data } = options;
  const manifest = readManifest(from);
  if (!manifest)
    throw new TributaryError(`There is no whole backup in ${from}: it has no manifest.json.`, {
      code: "BACKUP_NOT_FOUND",
    });
  if (manifest.catalogFormat !== formatVersion)
    throw new TributaryError(
      `The backup in ${from} has a catalog of format ${manifest.catalogFormat}, and this release reads format ${formatVersion}. Restore it with the release that made it.`,
      { code: "BACKUP_NOT_VALID" },
    );
  const wasThere = existsSync(data);
  if (wasThere && readdirSync(data).length > 0)
    throw new TributaryError(`${data} is not empty. Name a directory that is not there, or empty it.`, {
      code: "RESTORE_TARGET_NOT_EMPTY",
    });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  try {
    return await copyLake(options, manifest);
  } catch (error) {
    // All of it was made here, and to try again the directory must be empty.
    for (const name of readdirSync(data)) rmSync(join(data, name), { recursive: true, force: true });
    if (!wasThere) rmdirSync(data);
    throw error;
  }
}

async function copyLake(
  { from, data, clock, progress, signal }: RestoreOptions,
  manifest: Manifest,
): Promise<Restored> {
  const directory = openDataDirectory(data);
  mkdirSync(directory.objects, { mode: 0o711 });
  const touched = new Set([dirname(resolve(data)), data]);
  const sums = { objects: 0, bytes: 0 };
  for (const { path, ...expected } of manifest.objects) {
    signal?.throwIfAborted();
    const target = join(directory.objects, path);
    await makeParent(directory.objects, target, touched);
    await copyChecked(join(from, "objects", path), target, 0o444, expected);
    sums.objects += 1;
    sums.bytes += expected.bytes;
    progress?.(sums);
  }
  const restoring = `${directory.catalogFile}.restoring`;
  await copyChecked(join(from, manifest.catalog.file), restoring, 0o600, manifest.catalog);
  const catalog = await openSqliteCatalog({ file: restoring, clock });
  let waiting: number;
  let stores: number;
  let hints: ReadonlyMap<string, string>;
  try {
    ({ waiting, stores } = await prove(catalog, manifest));
    hints = await hintsOf(catalog);
  } finally {
    await catalog.close();
  }
  for (const path of hints.keys()) await makeParent(directory.objects, join(directory.objects, path), touched);
  for (const [path, text] of hints) writeFileSync(join(directory.objects, path), text, { mode: 0o444, flag: "wx" });
  for (const end of ["-wal", "-shm"]) rmSync(`${restoring}${end}`, { force: true });
  await syncAll([...touched, ...[...hints.keys()].map((path) => join(directory.objects, path)), restoring]);
  renameSync(restoring, directory.catalogFile);
  await syncAll([data]);
  return { begun: manifest.begun, stores, ...sums, waiting };
}

/** Of each published log with a checkpoint, which no backup has: its path and what it says. */
async function hintsOf(catalog: SqliteCatalog): Promise<ReadonlyMap<string, string>> {
  const hints = new Map<string, string>();
  for (const storeId of await catalog.storeIds()) {
    const { checkpoint, cleaned, retired } = await catalog.publication(storeId);
    if (checkpoint !== undefined && checkpoint.version >= cleaned && !retired)
      hints.set(hintPath(storeId), hintText(checkpoint));
  }
  return hints;
}

async function prove(catalog: SqliteCatalog, manifest: Manifest): Promise<{ waiting: number; stores: number }> {
  const problems: Problem[] = [];
  const report = (problem: Problem): void => void problems.push(problem);
  for (const what of catalog.integrity()) report({ kind: "catalog-damaged", where: "the catalog", what });
  const objects = new Map(manifest.objects.map((object) => [object.path, object]));
  const storeIds = new Set([...(await catalog.storeIds()), ...manifest.heads.map(({ storeId }) => storeId)]);
  let waiting = 0;
  for (const storeId of storeIds) {
    const proof = await catalog.storeProof(storeId);
    const kept = manifest.heads.filter((head) => head.storeId === storeId);
    await verifyHistory(catalog, proof, kept, report);
    waiting += await verifyJournal(catalog, storeId, report);
    for (const { path, bytes, sha256, removedVersion } of proof.files) {
      // Its object is in no backup: the publication of its removal is to come.
      if (removedVersion !== undefined) continue;
      const copied = objects.get(path);
      if (copied?.bytes !== bytes || copied.sha256 !== sha256)
        report({ kind: "object-missing", where: path, what: "the manifest does not name it as it was committed" });
    }
  }
  const [first] = problems;
  if (first) throw damaged(`${first.where}: ${first.what} (${problems.length} problems in all)`);
  return { waiting, stores: storeIds.size };
}

async function copyChecked(source: string, target: string, mode: number, expected: Measured): Promise<void> {
  const there = lstatSync(source, { throwIfNoEntry: false });
  if (!there) throw damaged(`${source} is missing`);
  // Before it is opened: a link or a pipe may lead anywhere, and have no end.
  if (!there.isFile() || there.size !== expected.bytes) throw damaged(`${source} is not what the manifest says`);
  await copyFile(source, target, mode, (found) => {
    if (found.bytes !== expected.bytes || found.sha256 !== expected.sha256)
      throw damaged(`${source} is not what the manifest says`);
  });
}

function damaged(what: string): TributaryError {
  return new TributaryError(`The backup is damaged: ${what}. Nothing was put in place; take another backup.`, {
    code: "BACKUP_DAMAGED",
  });
}
