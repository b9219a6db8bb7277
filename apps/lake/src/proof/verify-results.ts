import type { Catalog } from "../catalog/catalog.ts";
import type { QueryRecord } from "../catalog/query-catalog.ts";
import type { Objects } from "../objects/objects.ts";
import { messageOf } from "../message-of.ts";
import { ResultStore } from "../query/result-store.ts";
import type { Report } from "./problem.ts";

/** Reads the result of every finished query. Answers how many. */
export async function verifyResults(
  catalog: Pick<Catalog, "endedQueries" | "getQuery">,
  objects: Pick<Objects, "put" | "get" | "delete">,
  report: Report,
): Promise<number> {
  const results = new ResultStore(objects);
  let read = 0;
  for (const queryId of await catalog.endedQueries(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)) {
    const query = await catalog.getQuery(queryId);
    if (query?.status !== "FINISHED") continue;
    const what = await faultOf(results, query);
    // Deleted with its query since it was looked up.
    if (what !== undefined && (await catalog.getQuery(queryId)) !== undefined)
      report({ kind: "result-damaged", where: `results/${queryId}`, what, since: query.finishedAt });
    read += 1;
  }
  return read;
}

async function faultOf(results: ResultStore, { queryId, resultRows = 0 }: QueryRecord): Promise<string | undefined> {
  try {
    let rows = 0;
    for (;;) {
      const page = await results.read(queryId, rows, 5000);
      if (page.rows.length === 0) break;
      const torn = page.rows.findIndex((row) => row.length !== page.columns.length);
      if (torn !== -1) return `row ${rows + torn} has not the ${page.columns.length} columns of the result`;
      rows += page.rows.length;
    }
    return rows === resultRows ? undefined : `it has ${rows} rows, and its query had ${resultRows}`;
  } catch (error) {
    return messageOf(error);
  }
}
