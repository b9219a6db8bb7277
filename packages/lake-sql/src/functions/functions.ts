import { aggregateFunctions, windowFunctions } from "./aggregate-functions.ts";
import { collectionFunctions } from "./collection-functions.ts";
import type { FunctionRow } from "./function-row.ts";
import { jsonFunctions } from "./json-functions.ts";
import { numberFunctions } from "./number-functions.ts";
import { stringFunctions } from "./string-functions.ts";
import { timeFunctions } from "./time-functions.ts";

const rows = [
  ...stringFunctions,
  ...timeFunctions,
  ...jsonFunctions,
  ...collectionFunctions,
  ...numberFunctions,
  ...aggregateFunctions,
  ...windowFunctions,
];

/** Every function by its name; the four that are syntax rather than functions are emitted where expressions are. */
export const functions: ReadonlyMap<string, FunctionRow> = new Map(rows.map((row) => [row.name, row]));
export const specialForms = ["coalesce", "if", "nullif", "try"] as const;

/** Names of the functions a statement may call, sorted: the published list. */
export const supportedFunctions: readonly string[] = [...functions.keys(), ...specialForms].toSorted();
