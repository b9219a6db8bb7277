import type { Catalog } from "../catalog/catalog.ts";
import type { Objects } from "../objects/objects.ts";
import { isMissing, isNoFile } from "./verify-objects.ts";

/** What the proof of a published log needs. */
export interface DeltaLogPorts {
  readonly catalog: Pick<Catalog, "readCommits" | "publicationProof">;
  readonly objects: Pick<Objects, "get" | "stage" | "list">;
}

/** Whether an object of a store's log, of this version, is not there, or a directory is in its place, and was not cleaned up either. */
export async function isOwed(
  { catalog, objects }: DeltaLogPorts,
  storeId: string,
  path: string,
  version: number,
): Promise<boolean> {
  const found = await objects.stage(path).catch((error: unknown) => {
    if (isMissing(error) || isNoFile(error)) return undefined;
    throw error;
  });
  return found === undefined && version >= (await catalog.publicationProof(storeId)).cleaned;
}
