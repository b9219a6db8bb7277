import type { Catalog } from "../catalog/catalog.ts";
import type { FileRecord } from "../catalog/store-catalog.ts";
import type { Clock } from "../clock.ts";

export interface RetentionPorts {
  readonly catalog: Pick<Catalog, "snapshot" | "commit">;
  readonly clock: Clock;
}

const dayMs = 86_400_000;

/**
 * Drops the files of whole days that are older than a store's retention, and answers them; queries leave out what is older within
 * the day. Only files for which `confirm` is true go. When another removed one of them first nothing is dropped, until the next
 * time.
 */
export async function dropExpired(
  { catalog, clock }: RetentionPorts,
  storeId: string,
  retentionMs: number,
  confirm: (file: FileRecord) => boolean = () => true,
): Promise<readonly FileRecord[]> {
  const bound = clock.now() - retentionMs;
  const expired = (await catalog.snapshot(storeId)).files.filter(
    ({ eventDay, maxEventTime }) => Date.parse(`${eventDay}T00:00:00Z`) + dayMs <= bound && maxEventTime < bound,
  );
  const files = expired.filter(confirm);
  if (files.length === 0) return [];
  const { kind } = await catalog.commit({
    storeId,
    kind: "retention",
    journalPositions: [],
    addFiles: [],
    removeFiles: files.map(({ path }) => path),
    intents: [],
    createdAt: clock.now(),
  });
  return kind === "committed" ? files : [];
}
