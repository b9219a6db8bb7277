import { limits } from "@tributary/schema";
import type { QueryRecord } from "../catalog/query-catalog.ts";

/** How long a query and its results are kept after it ended, and how far back ListQueries looks, in ms. Spec 2.7. */
export const queryKeptMs = limits.queries.resultDays * 86_400_000;

/** Whether a query is still there to be asked for. */
export function isKept({ finishedAt }: QueryRecord, now: number): boolean {
  return finishedAt === undefined || finishedAt > now - queryKeptMs;
}
