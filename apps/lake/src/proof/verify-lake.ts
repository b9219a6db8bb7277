import type { KeptHead } from "../catalog/proof-catalog.ts";
import type { PurgeRecord } from "../catalog/purge-catalog.ts";
import type { SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { messageOf } from "../message-of.ts";
import { hasCode } from "../objects/object-files.ts";
import type { Objects } from "../objects/objects.ts";
import type { Problem } from "./problem.ts";
import { deltaLogPrefix, verifyDeltaLog } from "./verify-delta-log.ts";
import { verifyHistory } from "./verify-history.ts";
import { verifyJournal } from "./verify-journal.ts";
import { verifyFiles, verifyListing } from "./verify-objects.ts";
import { verifyResults } from "./verify-results.ts";

export interface VerifyOptions {
  readonly catalog: SqliteCatalog;
  readonly objects: Objects;
  /** This store alone, and not what belongs to none. */
  readonly storeId?: string | undefined;
  /** Heads that were kept elsewhere. */
  readonly heads?: readonly KeptHead[] | undefined;
  readonly report: (problem: Problem) => void;
  /** Told of each store that `heads` name and that was purged since: nothing of it is left to be held against them. */
  readonly purged?: ((purge: PurgeRecord) => void) | undefined;
  readonly progress?: ((state: VerifyProgress) => void) | undefined;
}

export interface VerifyProgress {
  /** Files and bytes of tables that were hashed. */
  readonly files: number;
  readonly bytes: number;
}

export interface Verified extends VerifyProgress {
  readonly stores: number;
  readonly problems: number;
  /** Events in the journal. */
  readonly waiting: number;
  readonly results: number;
}

/**
 * Proves a lake, beside its server if one runs: SQLite's own check of the catalog; each store's history, files, journal and Delta
 * log; then that every object is one the lake put there, and the results of queries. Reports every problem it finds.
 */
export async function verifyLake(options: VerifyOptions): Promise<Verified> {
  const { catalog, objects, storeId: only, progress } = options;
  let { heads = [] } = options;
  let problems = 0;
  const report = (problem: Problem): void => {
    problems += 1;
    options.report(problem);
  };
  let files = 0;
  let bytes = 0;
  const hashed = (size: number): void => {
    files += 1;
    bytes += size;
    progress?.({ files, bytes });
  };
  /** What SQLite cannot read is a finding, and the rest is looked at all the same. */
  const guarded = async (where: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!hasCode(error, "ERR_SQLITE_ERROR")) throw error;
      report({ kind: "catalog-damaged", where, what: messageOf(error) });
    }
  };

  const storeIds = new Set<string>();
  await guarded("the catalog", async () => {
    heads = await withoutPurged(catalog, heads, options.purged);
    for (const what of only === undefined ? catalog.integrity() : [])
      report({ kind: "catalog-damaged", where: "the catalog", what });
    for (const storeId of [...(await catalog.storeIds()), ...heads.map((head) => head.storeId)])
      if (only === undefined || only === storeId) storeIds.add(storeId);
  });
  let waiting = 0;
  for (const storeId of storeIds)
    await guarded(`store ${storeId} in the catalog`, async () => {
      const proof = await catalog.storeProof(storeId);
      const kept = heads.filter((head) => head.storeId === storeId);
      await verifyHistory(catalog, proof, kept, report);
      await verifyFiles(options, proof, report, hashed);
      waiting += await verifyJournal(catalog, storeId, report);
      await verifyDeltaLog(options, proof, report);
    });
  let results = 0;
  if (only === undefined)
    await guarded("the catalog", async () => {
      const logs = [...storeIds].map(deltaLogPrefix);
      await verifyListing(options, (path) => logs.some((log) => path.startsWith(log)), report);
      results = await verifyResults(catalog, objects, report);
    });
  return { stores: storeIds.size, files, bytes, waiting, results, problems };
}

/** Heads but those of stores of which a purge has left nothing. One with a history is held against its heads, whatever was ordered. */
async function withoutPurged(
  catalog: SqliteCatalog,
  heads: readonly KeptHead[],
  tell: VerifyOptions["purged"],
): Promise<readonly KeptHead[]> {
  const named = new Set(heads.map(({ storeId }) => storeId));
  for (const { storeId } of await catalog.storeHeads()) named.delete(storeId);
  const purges = (await catalog.purges()).filter(({ storeId, scope }) => scope === "store" && named.has(storeId));
  for (const purge of purges) tell?.(purge);
  const gone = new Set(purges.map(({ storeId }) => storeId));
  return heads.filter(({ storeId }) => !gone.has(storeId));
}
