import { bigint, boolean, json, varchar } from "../sql-type.ts";
import type { Emitted } from "../scope.ts";
import { literal } from "../sql-text.ts";
import { failing } from "./failing.ts";
import { scalar, type CallContext, type FunctionRow } from "./function-row.ts";

// An unquoted key has the characters that Trino's JSON path reader takes.
const segment =
  /\.([A-Za-z0-9_:$/@|# -]+)|\.\*|\[(\d{1,9})\]|\[\*\]|\.?\["((?:[^"\\]|\\.)*)"\]|\.?\['((?:[^'\\]|\\.)*)'\]/y;

/** A literal JSON path in DuckDB's spelling, every key quoted. */
export function duckdbPath(path: string): { readonly path: string; readonly many: boolean } | undefined {
  if (path !== "$" && !/^(?:lax )?\$[.[]/.test(path)) return undefined;
  let at = path.indexOf("$") + 1;
  let out = "$";
  let many = false;
  while (at < path.length) {
    segment.lastIndex = at;
    const match = segment.exec(path);
    if (match === null) return undefined;
    at = segment.lastIndex;
    const key = match[1] ?? match[3]?.replace(/\\(.)/g, "$1") ?? match[4]?.replace(/\\(.)/g, "$1");
    if (key !== undefined) {
      // The engine takes a star for a wildcard between quotes too.
      if (key.includes('"') || key === "*") return undefined;
      out += `."${key}"`;
    } else if (match[2] !== undefined) out += `[${match[2]}]`;
    else {
      out += match[0];
      many = true;
    }
  }
  return { path: out, many };
}

/**
 * The paths of Trino's json_extract that the engine can be given as values: subscripts, and keys without quotes and backslashes. Not the
 * key `*`, which is a wildcard to the engine.
 */
const pathPattern = String.raw`\$(?:\.[\p{L}\p{Nd}_:$]+|\[[0-9]{1,9}\]|\["(?:[^"\\*]|[^"\\]{2,})"\])*`;
const keyPattern = String.raw`\.([\p{L}\p{Nd}_:$]+)|\["([^"\\]+)"\]`;

/** A path that each row has its own of, every key quoted; null where it is. What is no such path fails the query and never reaches the engine. */
function pathSql(arg: string): string {
  const quoted = `'$' || regexp_replace(substr(${arg}, 2), ${literal(keyPattern)}, '."\\1\\2"', 'g')`;
  return `CASE WHEN regexp_full_match(${arg}, ${literal(pathPattern)}) THEN ${quoted} WHEN (${arg}) IS NOT NULL THEN CAST(${failing("path")} AS VARCHAR) END`;
}

/** The SQL of a path: a literal, which may have wildcards, or a value of the row. */
function pathOf(arg: Emitted | undefined, context: CallContext): { readonly path: string; readonly many: boolean } {
  if (arg === undefined) return context.fail("a JSON path is missing");
  if (arg.text === undefined) {
    if (arg.type.kind !== "varchar" && arg.type.kind !== "unknown") return context.fail("a JSON path must be a text");
    return { path: pathSql(arg.sql), many: false };
  }
  const { path, many } = duckdbPath(arg.text) ?? context.fail(`JSON path '${arg.text}' is not supported`);
  return { path: literal(path), many };
}

/** Runs `sql` where the text is JSON, null elsewhere, as Trino's json functions on text do. */
const whereValid = (of: Emitted | undefined, sql: string): string =>
  of?.type.kind === "json" ? sql : `CASE WHEN json_valid(${of?.sql}) THEN ${sql} END`;

export const jsonFunctions: readonly FunctionRow[] = [
  {
    name: "json_extract",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, at], context) => {
      const { path, many } = pathOf(at, context);
      const sql = `json_extract(${of?.sql}, ${path})`;
      return { sql: whereValid(of, many ? `to_json(${sql})` : sql), type: json };
    },
  },
  {
    name: "json_extract_scalar",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, at], context) => {
      const { path, many } = pathOf(at, context);
      if (many) return context.fail("the path of json_extract_scalar must not have a wildcard");
      // Null for an object or an array. The text is read once: what is read again is the scalar alone.
      const sql = `json_extract_string(json_value(${of?.sql}, ${path}), '$')`;
      return { sql: whereValid(of, sql), type: varchar };
    },
  },
  scalar("json_parse", 1, json, (text) => `json(${text})`),
  scalar("json_format", 1, varchar, (of) => `CAST(${of} AS VARCHAR)`),
  {
    name: "json_size",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, at], context) => {
      const { path } = pathOf(at, context);
      const type = `json_type(${of?.sql}, ${path})`;
      const sql = `CAST(CASE WHEN ${type} = 'OBJECT' THEN len(json_keys(${of?.sql}, ${path})) WHEN ${type} = 'ARRAY' THEN json_array_length(${of?.sql}, ${path}) WHEN ${type} IS NOT NULL THEN 0 END AS BIGINT)`;
      return { sql: whereValid(of, sql), type: bigint };
    },
  },
  {
    name: "json_array_length",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({
      sql: whereValid(
        of,
        `CASE WHEN json_type(${of?.sql}) = 'ARRAY' THEN CAST(json_array_length(${of?.sql}) AS BIGINT) END`,
      ),
      type: bigint,
    }),
  },
  {
    name: "json_array_get",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, index]) => {
      const path = `CASE WHEN (${index?.sql}) < 0 THEN '$[#' || (${index?.sql}) || ']' ELSE '$[' || (${index?.sql}) || ']' END`;
      return {
        sql: whereValid(of, `CASE WHEN json_type(${of?.sql}) = 'ARRAY' THEN json_extract(${of?.sql}, ${path}) END`),
        type: json,
      };
    },
  },
  {
    name: "json_array_contains",
    kind: "scalar",
    arity: [2, 2],
    emit: ([of, value]) => ({
      sql: whereValid(
        of,
        `CASE WHEN json_type(${of?.sql}) = 'ARRAY' THEN list_contains(CAST(CAST(${of?.sql} AS JSON) AS JSON[]), to_json(${value?.sql})) END`,
      ),
      type: boolean,
    }),
  },
  {
    name: "is_json_scalar",
    kind: "scalar",
    arity: [1, 1],
    emit: ([of]) => ({ sql: `(json_type(${of?.sql}) NOT IN ('OBJECT', 'ARRAY'))`, type: boolean }),
  },
];
