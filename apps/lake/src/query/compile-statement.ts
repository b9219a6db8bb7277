import { TributaryError } from "@tributary/schema";
import { activityColumns, compileQuery, LakeSqlError, type CompiledQuery } from "@tributary/lake-sql";

/**
 * Compiles a statement over the stores that `granted` allows, or throws for. One that reads no store is refused: there
 * would be nothing to ask permission for. Throws `QUERY_INVALID` with the place and the reason.
 */
export function compileStatement(statement: string, granted: (storeId: string) => boolean): CompiledQuery {
  let query: CompiledQuery;
  try {
    query = compileQuery(statement, {
      resolve: (storeId) => (granted(storeId) ? { name: storeId, columns: activityColumns } : undefined),
    });
  } catch (cause) {
    if (!(cause instanceof LakeSqlError)) throw cause;
    throw new TributaryError(cause.message, { code: "QUERY_INVALID", cause });
  }
  if (query.storeIds.length > 0) return query;
  throw new TributaryError("The statement reads no event data store. Name one by its id in FROM.", {
    code: "QUERY_INVALID",
  });
}
