import type { Catalog } from "../catalog/catalog.ts";
import type { StoreProof } from "../catalog/proof-catalog.ts";
import type { Objects } from "../objects/objects.ts";
import { deltaStart, deltaVersion } from "../publish/delta-version.ts";
import { isMissing } from "./verify-objects.ts";
import type { Report } from "./problem.ts";

/** The folder of a store's published log. */
export function deltaLogPrefix(storeId: string): string {
  return `tables/${storeId}/_delta_log/`;
}

/** Compares each published version of a store's Delta table with the rendering of its commit. */
export async function verifyDeltaLog(
  {
    catalog,
    objects,
  }: { readonly catalog: Pick<Catalog, "readCommits" | "storeProof">; readonly objects: Pick<Objects, "get" | "list"> },
  { storeId }: StoreProof,
  report: Report,
): Promise<void> {
  for await (const path of objects.list(deltaLogPrefix(storeId))) {
    const version = Number(/\/(\d{20})\.json$/.exec(path)?.[1] ?? Number.NaN);
    if (Number.isNaN(version)) continue;
    const expected = await rendered(catalog, storeId, version);
    const found = await objects.get(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined; // cleaned up since it was listed
      throw error;
    });
    if (found === undefined) continue;
    if (expected === undefined)
      report({ kind: "delta-log-differs", where: path, what: "the store has no such version that can be read" });
    else if (!Buffer.from(found).equals(Buffer.from(expected, "utf8")))
      report({ kind: "delta-log-differs", where: path, what: "it is not the rendering of the store's commit" });
  }
}

async function rendered(
  catalog: Pick<Catalog, "readCommits">,
  storeId: string,
  version: number,
): Promise<string | undefined> {
  if (version === 0) return deltaStart(storeId);
  const [commit] = await catalog.readCommits(storeId, version - 1, 1);
  if (commit?.version !== version) return undefined;
  try {
    return deltaVersion(storeId, commit);
  } catch {
    return undefined; // a commit that cannot be read, which the history's proof names
  }
}
