import { type SqlFunctions, numberAt, strictly } from "./arguments.ts";
import { arrayFunctions } from "./array-functions.ts";
import { jsonFunctions } from "./json-functions.ts";
import { textFunctions } from "./text-functions.ts";
import { timeFunctions } from "./time-functions.ts";
import type { Value } from "./value.ts";

function isLess(a: Value, b: Value): boolean {
  if (typeof a !== "string" || typeof b !== "string") return Number(a) < Number(b);
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}

/** Functions by their names, in lower case. */
export const functions: SqlFunctions = {
  ...textFunctions,
  ...timeFunctions,
  ...jsonFunctions,
  ...arrayFunctions,
  nullif: ([a = null, b = null]) => (a === b ? null : a),
  ...strictly({
    greatest: (args) => args.reduce((best, one) => (isLess(best, one) ? one : best)),
    least: (args) => args.reduce((best, one) => (isLess(one, best) ? one : best)),
    abs: (args) => (typeof args[0] === "bigint" ? BigInt(Math.abs(numberAt(args, 0))) : Math.abs(numberAt(args, 0))),
    round: (args) => Math.sign(numberAt(args, 0)) * Math.round(Math.abs(numberAt(args, 0))),
  }),
};
