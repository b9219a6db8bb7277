import { TributaryError } from "@tributary/schema";
import { activityColumns, compileQuery, LakeSqlError, type CompiledQuery } from "@tributary/lake-sql";

/** Compiles a statement over the stores that `granted` allows, or throws for. Throws `QUERY_INVALID` with the place and the reason. */
export function compileStatement(statement: string, granted: (storeId: string) => boolean): CompiledQuery {
  try {
    return compileQuery(statement, {
      resolve: (storeId) => (granted(storeId) ? { name: storeId, columns: activityColumns } : undefined),
    });
  } catch (cause) {
    if (!(cause instanceof LakeSqlError)) throw cause;
    throw new TributaryError(cause.message, { code: "QUERY_INVALID", cause });
  }
}
