import type { Catalog } from "../catalog/catalog.ts";
import type { CommitRecord } from "../catalog/store-catalog.ts";

/** A store's commit of a version; undefined when there is none, as of version 0. */
export async function commitOf(
  catalog: Pick<Catalog, "readCommits">,
  storeId: string,
  version: number,
): Promise<CommitRecord | undefined> {
  if (version === 0) return undefined;
  const [commit] = await catalog.readCommits(storeId, version - 1, 1);
  return commit?.version === version ? commit : undefined;
}
