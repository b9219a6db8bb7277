import { randomUUID } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import { copyCatalog, sealCopy } from "../catalog/sqlite-copy.ts";
import type { SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { formatVersion } from "../catalog/sqlite-schema.ts";
import type { Clock } from "../clock.ts";
import { measure } from "../compactor/measure.ts";
import type { Objects } from "../objects/objects.ts";
import { isMissing } from "../proof/verify-objects.ts";
import { checkpointPath } from "../publish/log-paths.ts";
import type { DataDirectory } from "../serve/data-directory.ts";
import { holdBackupDirectory, prune } from "./backup-directory.ts";
import { copyFile, isCopied, makeParent, type Measured, syncAll } from "./copy-file.ts";
import { type Manifest, manifestFile, readManifest } from "./manifest.ts";

export interface BackupOptions {
  readonly directory: DataDirectory;
  readonly catalog: SqliteCatalog;
  readonly objects: Objects;
  readonly to: string;
  readonly clock: Clock;
  /** Ends the backup with its reason; the earlier one stays whole. */
  readonly signal?: AbortSignal | undefined;
  readonly progress?: ((state: { readonly objects: number; readonly bytes: number }) => void) | undefined;
}

export interface BackedUp {
  readonly objects: number;
  readonly bytes: number;
  /** Of the objects, those that the directory did not hold yet. */
  readonly copied: number;
  readonly copiedBytes: number;
  /** Files that went, because no backup names them any more. */
  readonly pruned: number;
}

/** How long files are held after the last sign of life: a killed backup holds none for longer. */
const pinMs = 3_600_000;
const beatMs = 60_000;

/**
 * Backs a lake up, beside its server if one runs, into a directory that may hold an earlier backup of it; that one stays whole until
 * this one is. Everything that was acknowledged before it began is in it. Throws `BACKUP_TARGET_NOT_USABLE`, `BACKUP_OTHER_HISTORY`,
 * `BACKUP_OBJECT_DAMAGED`, `BACKUP_HELD_TOO_LONG` (retryable).
 */
export async function backupLake(options: BackupOptions): Promise<BackedUp> {
  const { directory, catalog, to, clock } = options;
  const release = holdBackupDirectory(to, directory.path);
  const pinId = `backup/${randomUUID()}`;
  let beat: NodeJS.Timeout | undefined;
  try {
    const before = readManifest(to);
    await refuseOtherHistory(catalog, before, to);
    const now = clock.now();
    await catalog.pinStores(pinId, await catalog.storeIds(), { now, until: now + pinMs });
    beat = setInterval(() => void catalog.extendPin(pinId, clock.now() + pinMs).catch(() => undefined), beatMs);
    return await copyLake(options, new Date(now).toISOString());
  } finally {
    clearInterval(beat);
    await catalog.unpin(pinId).catch(() => undefined);
    release();
  }
}

/** An older or a rewritten history must not take the place of the one that was backed up. */
async function refuseOtherHistory(catalog: SqliteCatalog, before: Manifest | undefined, to: string): Promise<void> {
  const heads = await catalog.storeHeads();
  for (const { storeId, version, chain } of before?.heads ?? []) {
    if (version === 0 || !heads.some((head) => head.storeId === storeId)) continue; // purged since
    const [commit] = await catalog.readCommits(storeId, version - 1, 1);
    if (commit?.version === version && commit.chain === chain) continue;
    throw otherHistory(`${to} has version ${version} of store ${storeId}, which this lake's history does not have.`);
  }
  const had = (before?.heads ?? []).filter(({ version }) => version > 0);
  if (had.length > 0 && heads.length > 0 && !had.some((old) => heads.some((head) => head.storeId === old.storeId)))
    throw otherHistory(`${to} is a backup of a lake that has none of this one's stores.`);
}

function otherHistory(found: string): TributaryError {
  return new TributaryError(`${found} It was left as it is. Name another directory, or verify the lake.`, {
    code: "BACKUP_OTHER_HISTORY",
  });
}

async function copyLake(options: BackupOptions, begun: string): Promise<BackedUp> {
  const { directory, objects, to, progress } = options;
  const catalogFile = `catalog-${randomUUID()}.sqlite`;
  const named = copyCatalog(directory.catalogFile, join(to, catalogFile));
  const root = join(to, "objects");
  const touched = new Set([to]);
  const done: (Measured & { readonly path: string })[] = [];
  const sums = { objects: 0, bytes: 0, copied: 0, copiedBytes: 0 };

  const keep = async (path: string, committed?: Measured): Promise<void> => {
    options.signal?.throwIfAborted();
    const target = join(root, path);
    // Of what the catalog keeps no hash, the bytes that are there count.
    const expected = committed ?? (await measure(await objects.stage(path)));
    if (!(await isCopied(target, expected))) {
      await makeParent(root, target, touched);
      await copyFile(await objects.stage(path), target, 0o444, (found) => refuseDamaged(path, expected, found));
      sums.copied += 1;
      sums.copiedBytes += expected.bytes;
    }
    done.push({ path, ...expected });
    sums.objects += 1;
    sums.bytes += expected.bytes;
    progress?.({ objects: sums.objects, bytes: sums.bytes });
  };

  for (const { path, bytes, sha256 } of named.files)
    await keep(path, { bytes, sha256 }).catch((cause: unknown) => {
      throw isMissing(cause) ? gone(path, cause) : cause;
    });
  const cleaned = new Map<string, number>();
  for (const storeId of named.storeIds) {
    // A store without a commit has a version 0 all the same.
    const version = named.heads.find((head) => head.storeId === storeId)?.version ?? 0;
    for await (const path of objects.list(`tables/${storeId}/_delta_log/`)) {
      // What was published after the catalog's copy is another lake's future; the checkpoint hint is made anew.
      const published = Number(/\/(\d{20})\.json$/.exec(path)?.[1] ?? Number.NaN);
      if (published <= version) await keep(path).catch(unlessMissing);
    }
    for (const checkpoint of named.checkpoints)
      if (checkpoint.storeId === storeId)
        await keep(checkpointPath(storeId, checkpoint.version), checkpoint).catch(unlessMissing);
    cleaned.set(storeId, (await options.catalog.publication(storeId)).cleaned);
  }
  const lost: string[] = [];
  for (const queryId of named.queryIds)
    try {
      for await (const path of objects.list(`results/${queryId}/`)) await keep(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
      lost.push(queryId); // expired since
    }
  sealCopy(join(to, catalogFile), { queryIds: lost, cleaned });
  const present = done.filter(({ path }) => !lost.some((queryId) => path.startsWith(`results/${queryId}/`)));
  const manifest: Manifest = {
    format: 1,
    catalogFormat: formatVersion,
    begun,
    catalog: { file: catalogFile, ...(await measure(join(to, catalogFile))) },
    heads: named.heads.map(({ storeId, version, chain }) => ({ storeId, version, chain })),
    objects: present,
  };
  await syncAll(touched);
  await writeManifest(to, manifest);
  return { ...sums, pruned: prune(to, manifest) };
}

async function writeManifest(to: string, manifest: Manifest): Promise<void> {
  const temporary = join(to, `${manifestFile}.tmp`);
  const handle = await open(temporary, "w", 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(manifest)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, join(to, manifestFile));
  await syncAll([to]);
}

function refuseDamaged(path: string, expected: Measured, found: Measured): void {
  if (found.bytes === expected.bytes && found.sha256 === expected.sha256) return;
  throw new TributaryError(
    `Object ${path} is not what was committed. The earlier backup, if there is one, was left as it is. Run tributary-lake verify.`,
    { code: "BACKUP_OBJECT_DAMAGED" },
  );
}

function gone(path: string, cause: unknown): TributaryError {
  return new TributaryError(
    `Object ${path} was deleted before it was copied: the machine slept or its clock jumped, or it is lost. Back up again; if it fails again, run tributary-lake verify.`,
    { code: "BACKUP_HELD_TOO_LONG", retryable: true, cause },
  );
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
