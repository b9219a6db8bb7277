import type { Expression, JsonFallback } from "./ast.ts";
import { emitCast } from "./emit-cast.ts";
import type { Emission } from "./emission.ts";
import { failing } from "./functions/failing.ts";
import { letIn } from "./functions/function-row.ts";
import { parseJsonPath, type JsonStep } from "./json-path.ts";
import type { Emitted, Scope } from "./scope.ts";
import { boolean, duckdbType, typeName, varchar, type SqlType } from "./sql-type.ts";
import { literal } from "./sql-text.ts";

type JsonQuery = Extract<Expression, { kind: "jsonPath" }>;
type JsonText = Extract<Expression, { kind: "jsonObject" | "jsonArray" }>;

/** An item as the list of items that a step looks at: in lax mode an array is opened, anything else is a list of one. */
const opened = (item: string): string =>
  `CASE WHEN json_type(${item}) = 'ARRAY' THEN CAST(${item} AS JSON[]) ELSE [${item}] END`;
const member = (name: string): string => literal(`$."${name}"`);

const found = (of: string, value: string): string =>
  `list_filter(list_transform(${of}, lambda "j1": ${value}), lambda "j1": "j1" IS NOT NULL)`;

/** One step over a list of JSON items; a list that is null means the path failed, which only strict mode knows. */
function stepOver(items: string, step: JsonStep, strict: boolean): string {
  const each = (list: string, test?: string): string => {
    const over = (of: string): string => `flatten(list_transform(${of}, lambda "j0": ${list}))`;
    return test === undefined
      ? over(items)
      : letIn([items], (of) => `CASE WHEN len(list_filter(${of}, lambda "j0": ${test})) = 0 THEN ${over(of)} END`);
  };
  const list = strict ? `["j0"]` : opened('"j0"');
  const array = `CASE WHEN json_type("j0") = 'ARRAY' THEN CAST("j0" AS JSON[]) END`;
  switch (step.kind) {
    case "member": {
      const value = `json_extract("j1", ${member(step.name)})`;
      return each(
        found(list, value),
        strict ? `json_type("j0") <> 'OBJECT' OR json_extract("j0", ${member(step.name)}) IS NULL` : undefined,
      );
    }
    case "members":
      return each(
        `flatten(list_transform(${list}, lambda "j1": CASE WHEN json_type("j1") = 'OBJECT' THEN json_extract("j1", '$.*') ELSE [] END))`,
        strict ? `json_type("j0") <> 'OBJECT'` : undefined,
      );
    case "elements":
      return strict ? each(array, `json_type("j0") <> 'ARRAY'`) : each(opened('"j0"'));
    case "element": {
      const at = step.index < 0 ? step.index : step.index + 1;
      const of = strict ? array : opened('"j0"');
      const value = `list_filter([list_extract(${of}, ${at})], lambda "j1": "j1" IS NOT NULL)`;
      return strict ? each(value, `json_type("j0") <> 'ARRAY' OR list_extract(${array}, ${at}) IS NULL`) : each(value);
    }
  }
  return items;
}

const isScalar = (item: string): string => `json_type(${item}) NOT IN ('ARRAY', 'OBJECT')`;

/** json_exists, json_value and json_query with their clauses. */
export function emitJsonQuery(call: JsonQuery, scope: Scope, emission: Emission): Emitted {
  const path = parseJsonPath(call.path) ?? emission.fail(call.pathAt, `JSON path '${call.path}' is not supported`);
  const of = emission.expression(call.of, scope);
  if (of.type.kind !== "varchar" && of.type.kind !== "json" && of.type.kind !== "unknown")
    emission.fail(call.of.at, `${call.name} takes JSON text, not ${typeName(of.type)}`);
  let items = `CASE WHEN json_valid(${of.sql}) THEN [CAST(${of.sql} AS JSON)] END`;
  for (const step of path.steps) items = stepOver(items, step, path.strict);
  const type = call.returning ?? varchar;
  const answer = call.name === "json_exists" ? boolean : type;
  const fallback = (use: JsonFallback): string => fallbackSql(use, answer, scope, emission);
  const [onEmpty, onError] = [call.onEmpty, call.onError];
  if (call.name === "json_exists") {
    const error = onError.kind === "TRUE" || onError.kind === "FALSE" ? onError.kind : fallback(onError);
    return {
      sql: letIn(
        [items, of.sql],
        (list, input) =>
          `CASE WHEN ${input} IS NULL THEN NULL WHEN ${list} IS NULL THEN ${error} ELSE len(${list}) > 0 END`,
      ),
      type: boolean,
    };
  }
  const sql = letIn([items, of.sql], (list, input) => {
    const item = `list_extract(${list}, 1)`;
    const text = `json_extract_string(${item}, '$')`;
    if (call.name === "json_value") {
      const value = emitCast({ sql: text, type: varchar }, type, true, (message) => emission.fail(call.at, message));
      return `CASE WHEN ${input} IS NULL THEN NULL WHEN ${list} IS NULL THEN ${fallback(onError)} WHEN len(${list}) = 0 THEN ${fallback(onEmpty)} WHEN len(${list}) > 1 OR NOT ${isScalar(item)} THEN ${fallback(onError)} ELSE ${value.sql} END`;
    }
    const json = `CAST(${item} AS VARCHAR)`;
    const one = call.omitQuotes ? `CASE WHEN json_type(${item}) = 'VARCHAR' THEN ${text} ELSE ${json} END` : json;
    const wrapped = `CAST(to_json(${list}) AS VARCHAR)`;
    const wrap =
      call.wrapper === "UNCONDITIONAL"
        ? "true"
        : call.wrapper === "CONDITIONAL"
          ? `len(${list}) > 1 OR ${isScalar(item)}`
          : "false";
    return `CASE WHEN ${input} IS NULL THEN NULL WHEN ${list} IS NULL THEN ${fallback(onError)} WHEN len(${list}) = 0 THEN ${fallback(onEmpty)} WHEN ${wrap} THEN ${wrapped} WHEN len(${list}) > 1 THEN ${fallback(onError)} ELSE ${one} END`;
  });
  return { sql, type };
}

function fallbackSql(use: JsonFallback, type: SqlType, scope: Scope, emission: Emission): string {
  if (use.kind === "ERROR") return `CAST(CAST(${failing("json")} AS VARCHAR) AS ${duckdbType(type)})`;
  if (use.kind === "EMPTY ARRAY") return "'[]'";
  if (use.kind === "EMPTY OBJECT") return "'{}'";
  return use.value === undefined ? "NULL" : emission.expression(use.value, scope).sql;
}

/** json_object and json_array: JSON as text, a member or item that is null kept or left out. */
export function emitJsonText(call: JsonText, scope: Scope, emission: Emission): Emitted {
  const valueOf = (item: Expression, format: boolean): { readonly test: string; readonly sql: string } => {
    const value = emission.expression(item, scope);
    const isJson = format || value.type.kind === "json" || item.kind === "jsonObject" || item.kind === "jsonArray";
    const { sql } = isJson
      ? { sql: `CAST(${value.sql} AS JSON)` }
      : emitCast(value, { kind: "json" }, false, (message) => emission.fail(item.at, message));
    return { test: `(${value.sql}) IS NULL`, sql: `CAST(${sql} AS VARCHAR)` };
  };
  const parts =
    call.kind === "jsonArray"
      ? call.items.map(({ value, format }) => ({ ...valueOf(value, format), head: "" }))
      : call.members.map(({ key, value, format }) => ({
          ...valueOf(value, format),
          head: `CAST(to_json(CAST(${emission.expression(key, scope).sql} AS VARCHAR)) AS VARCHAR) || ':' || `,
        }));
  const list = parts.map(
    ({ test, sql, head }) =>
      `CASE WHEN ${test} THEN ${call.absentOnNull ? "NULL" : `${head}'null'`} ELSE ${head}${sql} END`,
  );
  const [open, close] = call.kind === "jsonArray" ? ["[", "]"] : ["{", "}"];
  const inner = list.length === 0 ? "''" : `concat_ws(',', ${list.join(", ")})`;
  return { sql: `('${open}' || ${inner} || '${close}')`, type: varchar };
}
