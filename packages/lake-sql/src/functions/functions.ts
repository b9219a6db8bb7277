import { aggregateFunctions, windowFunctions } from "./aggregate-functions.ts";
import { arrayFunctions } from "./array-functions.ts";
import { binaryFunctions, bitwiseFunctions } from "./binary-functions.ts";
import type { FunctionRow } from "./function-row.ts";
import { jsonFunctions } from "./json-functions.ts";
import { lambdaFunctions } from "./lambda-functions.ts";
import { mapFunctions } from "./map-functions.ts";
import { numberFunctions } from "./number-functions.ts";
import { regexpFunctions } from "./regexp-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { timeFunctions } from "./time-functions.ts";
import { urlFunctions } from "./url-functions.ts";
import { uuidFunctions } from "./uuid-functions.ts";

const rows: Readonly<Record<string, readonly FunctionRow[]>> = {
  Aggregate: aggregateFunctions,
  Array: arrayFunctions,
  Binary: binaryFunctions,
  Bitwise: bitwiseFunctions,
  "Date and time": timeFunctions,
  JSON: jsonFunctions,
  Lambda: lambdaFunctions,
  Map: mapFunctions,
  Mathematical: numberFunctions,
  "Regular expression": regexpFunctions,
  String: stringFunctions,
  URL: urlFunctions,
  "UUID, comparison and type": uuidFunctions,
  Window: windowFunctions,
};

/** Every function by its name; those that are syntax rather than functions are emitted where expressions are. */
export const functions: ReadonlyMap<string, FunctionRow> = new Map(
  Object.values(rows)
    .flat()
    .map((row) => [row.name, row]),
);
const syntax: Readonly<Record<string, readonly string[]>> = {
  Conditional: ["coalesce", "if", "nullif", "try"],
  JSON: ["json_array", "json_exists", "json_object", "json_query", "json_value"],
};

/** The functions a statement may call, by the chapters of Trino's documentation, each sorted. */
export const functionChapters: ReadonlyMap<string, readonly string[]> = new Map(
  [...new Set([...Object.keys(rows), ...Object.keys(syntax)])]
    .toSorted()
    .map((chapter) => [
      chapter,
      [...(rows[chapter] ?? []).map((row) => row.name), ...(syntax[chapter] ?? [])].toSorted(),
    ]),
);

/** Names of the functions a statement may call, sorted: the published list. */
export const supportedFunctions: readonly string[] = [...functionChapters.values()].flat().toSorted();
