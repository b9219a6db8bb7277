import type { QueryRecord } from "../catalog/query-catalog.ts";

/** The ErrorMessage member of a query that failed: 4 to 1000 characters (spec A.26). */
export function queryErrorMessage({ errorMessage }: QueryRecord): { readonly ErrorMessage?: string } {
  return errorMessage === undefined ? {} : { ErrorMessage: errorMessage.slice(0, 1000).padEnd(4, ".") };
}
