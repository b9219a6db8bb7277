import type { Catalog } from "../catalog/catalog.ts";
import type { Objects } from "../objects/objects.ts";
import { deltaPath, deltaStart, deltaVersion } from "./delta-version.ts";

export interface PublishPorts {
  readonly catalog: Pick<Catalog, "readCommits">;
  readonly objects: Pick<Objects, "put">;
}

const pageOfCommits = 100;

/**
 * Publishes a store's commits as a Delta Lake table, each version once and in order, and answers the last. `published` is the
 * last known to be there, -1 for none; publishing one again is harmless. Nobody else may write the log: `OBJECT_EXISTS` otherwise.
 */
export async function publishStore(
  { catalog, objects }: PublishPorts,
  storeId: string,
  published = -1,
): Promise<number> {
  const put = (version: number, text: string): Promise<void> =>
    objects.put(deltaPath(storeId, version), Buffer.from(text, "utf8"));
  let last = published;
  if (last < 0) {
    await put(0, deltaStart(storeId));
    last = 0;
  }
  for (;;) {
    const commits = await catalog.readCommits(storeId, last, pageOfCommits);
    for (const commit of commits) {
      await put(commit.version, deltaVersion(storeId, commit));
      last = commit.version;
    }
    if (commits.length < pageOfCommits) return last;
  }
}
