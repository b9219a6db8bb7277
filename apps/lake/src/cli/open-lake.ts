import { statSync } from "node:fs";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import { openSqliteCatalog, type SqliteCatalog } from "../catalog/sqlite-catalog.ts";
import { systemClock } from "../clock.ts";
import { type DataDirectory, openDataDirectory } from "../serve/data-directory.ts";

/** Opens the catalog of an existing lake, whether or not one serves it. Throws `LAKE_NOT_FOUND`. */
export async function openLake(
  data: string,
): Promise<{ readonly directory: DataDirectory; readonly catalog: SqliteCatalog }> {
  // Throws where this user may not look.
  if (statSync(join(data, "catalog.sqlite"), { throwIfNoEntry: false }) === undefined)
    throw new TributaryError(`There is no lake in ${data}. "identity create" or "serve" makes one.`, {
      code: "LAKE_NOT_FOUND",
    });
  const directory = openDataDirectory(data);
  return { directory, catalog: await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock }) };
}
