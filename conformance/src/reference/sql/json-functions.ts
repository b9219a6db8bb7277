import { isMembers } from "../../core/members.ts";
import { numberAt, type SqlFunctions, strictly, textAt } from "./arguments.ts";
import { atPath, parsed, scalarText } from "./json-path.ts";
import { Json, plain, RunError, type Value } from "./value.ts";

/** The JSON of a text, or a JSON value; undefined where it is none. */
function jsonAt(args: readonly Value[]): unknown {
  const [first] = args;
  return first instanceof Json ? first.value : parsed(textAt(args, 0));
}

const found = (args: readonly Value[]): unknown => atPath(jsonAt(args), textAt(args, 1));
const json = (value: unknown): Value => (value === undefined ? null : new Json(value));

/** Functions of JSON. Texts that are none are NULL but for json_parse. */
export const jsonFunctions: SqlFunctions = strictly({
  json_extract: (args) => json(found(args)),
  json_extract_scalar: (args) => scalarText(found(args)),
  json_parse: (args) => {
    const value = jsonAt(args);
    if (value === undefined) throw new RunError("Cannot convert value to JSON");
    return new Json(value);
  },
  json_format: (args) => JSON.stringify(jsonAt(args)),
  json_array_length: (args) => {
    const value = jsonAt(args);
    return Array.isArray(value) ? BigInt(value.length) : null;
  },
  json_array_contains: (args) => {
    const value = jsonAt(args);
    return Array.isArray(value) ? value.includes(plain(args[1] ?? null)) : null;
  },
  json_array_get: (args) => {
    const value = jsonAt(args);
    return Array.isArray(value) ? json(value.at(numberAt(args, 1))) : null;
  },
  json_size: (args) => {
    const value = found(args);
    if (value === undefined) return null;
    return BigInt(Array.isArray(value) ? value.length : isMembers(value) ? Object.keys(value).length : 0);
  },
  json_value: (args) => scalarText(found(args)),
  json_query: (args) => {
    const value = found(args);
    return value === undefined ? null : JSON.stringify(value);
  },
  json_exists: (args) => found(args) !== undefined,
});
