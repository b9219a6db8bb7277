import type { CompiledQuery } from "@tributary/lake-sql";
import type { FileRecord, StoreSnapshot } from "../catalog/store-catalog.ts";

/** What a query reads of one store. */
export interface StoreScan {
  readonly storeId: string;
  readonly files: readonly FileRecord[];
  /** The retention bound, ms since 1970, where a file reaches back beyond it; else every row of the files is within it. */
  readonly notBefore: number | undefined;
}

const day = 86_400_000;

/** The files of each store that can hold what the statement asks for: within its retention, and within the statement's bounds on eventTime. */
export function scanPlan(
  compiled: Pick<CompiledQuery, "timeBounds">,
  snapshots: readonly StoreSnapshot[],
  retentionDays: (storeId: string) => number,
  now: number,
): readonly StoreScan[] {
  return snapshots.map(({ storeId, files }) => {
    const notBefore = now - retentionDays(storeId) * day;
    const bounds = compiled.timeBounds.get(storeId);
    const low = Math.max(notBefore, bounds?.notBefore ?? -Infinity);
    const high = bounds?.notAfter ?? Infinity;
    const read = files.filter((file) => file.maxEventTime >= low && file.minEventTime <= high);
    // The bound has its price: a query that needs no time would read the times of all rows.
    return {
      storeId,
      notBefore: read.some((file) => file.minEventTime < notBefore) ? notBefore : undefined,
      files: read,
    };
  });
}
