import { activityColumns, duckdbType } from "@tributary/lake-sql";
import type { EngineQuery } from "./engine.ts";

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** What a query child runs before the query: files it may read, external access off, one view a table, configuration locked. */
export function setupStatements(tables: EngineQuery["tables"]): string[] {
  const files = tables.flatMap((table) => table.files);
  return [
    "SET TimeZone = 'UTC'",
    // A file's footer is read twice otherwise: for the view, and for the query on it.
    "SET parquet_metadata_cache = true",
    `SET allowed_paths = [${files.map(literal).join(", ")}]`,
    "SET enable_external_access = false",
    ...tables.map((table) => `CREATE VIEW ${quoted(table.name)} AS ${selectOf(table)}`),
    "SET lock_configuration = true",
  ];
}

/** `eventday`, the partition column, is not in the files. */
function selectOf({ files, notBefore }: EngineQuery["tables"][number]): string {
  if (files.length === 0)
    return `SELECT ${activityColumns.map(({ name, type }) => `CAST(NULL AS ${duckdbType(type)}) AS ${quoted(name)}`).join(", ")} WHERE false`;
  const columns = activityColumns.map(({ name }) =>
    name === "eventday" ? 'CAST("eventtime" AS DATE) AS "eventday"' : quoted(name),
  );
  const bound =
    notBefore === undefined
      ? ""
      : ` WHERE "eventtime" >= TIMESTAMPTZ '${new Date(Math.ceil(notBefore)).toISOString().replace("T", " ").replace("Z", "+00")}'`;
  return `SELECT ${columns.join(", ")} FROM read_parquet([${files.map(literal).join(", ")}], hive_partitioning = false)${bound}`;
}
