import { compact } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/**
 * What a call of the Admin API was given: the members of its payload, as Kong's own integration has them; `queryParameters`,
 * the query as written, and `query`, the query read. A payload that is no object, is empty, or has members of these names
 * stands in `payload`.
 */
export function requestParameters(payload: Json | undefined, path: string): JsonObject | undefined {
  const mark = path.indexOf("?");
  const written = mark < 0 ? "" : path.slice(mark + 1);
  return compact({
    ...(isSpread(payload) ? payload : { payload }),
    queryParameters: written === "" ? undefined : written,
    query: written === "" ? undefined : queryOf(written),
  });
}

function isSpread(payload: Json | undefined): payload is JsonObject {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return false;
  const names = Object.keys(payload);
  return names.length > 0 && !names.includes("queryParameters") && !names.includes("query");
}

/** A name that comes several times is an array. */
function queryOf(written: string): JsonObject {
  const parameters = new URLSearchParams(written);
  return Object.fromEntries(
    [...new Set(parameters.keys())].map((name) => {
      const values = parameters.getAll(name);
      return [name, values.length === 1 ? values[0]! : values];
    }),
  );
}
