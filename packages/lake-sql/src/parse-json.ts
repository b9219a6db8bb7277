import type { Expression, JsonFallback } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseType } from "./parse-type.ts";

const queries = ["json_exists", "json_value", "json_query"] as const;

/** The JSON functions of standard SQL, which have a grammar of their own; undefined, and nothing taken, for another call. */
export function parseJsonCall(cursor: Cursor): Expression | undefined {
  const { start: at, text } = cursor.token;
  const name = text.toLowerCase();
  const query = queries.find((candidate) => candidate === name);
  if (query === undefined && name !== "json_object" && name !== "json_array") return undefined;
  cursor.take();
  return cursor.parenthesized((): Expression => {
    if (query !== undefined) return pathCall(cursor, query, at);
    return name === "json_object" ? objectCall(cursor, at) : arrayCall(cursor, at);
  });
}

function pathCall(cursor: Cursor, name: (typeof queries)[number], at: number): Expression {
  const of = cursor.expression();
  acceptFormat(cursor);
  cursor.expect(",");
  const { kind, text: path, start: pathAt } = cursor.token;
  if (kind !== "string") throw cursor.unexpected("a JSON path, a string literal");
  cursor.take();
  if (cursor.is("PASSING")) throw cursor.error(cursor.at, "PASSING is not supported");
  const returning = cursor.accept("RETURNING") === undefined ? undefined : parseType(cursor);
  let wrapper: "WITHOUT" | "CONDITIONAL" | "UNCONDITIONAL" = "WITHOUT";
  let omitQuotes = false;
  if (name === "json_query") {
    const word = cursor.accept("WITH", "WITHOUT");
    if (word !== undefined) {
      if (word === "WITH") wrapper = cursor.accept("CONDITIONAL", "UNCONDITIONAL") ?? "UNCONDITIONAL";
      cursor.accept("ARRAY");
      cursor.expect("WRAPPER");
    }
    const quotes = cursor.accept("KEEP", "OMIT");
    if (quotes !== undefined) {
      omitQuotes = quotes === "OMIT";
      cursor.expect("QUOTES");
      if (cursor.accept("ON") !== undefined) cursor.expect("SCALAR", "STRING");
    }
  }
  let onEmpty: JsonFallback = { kind: "NULL", value: undefined };
  let onError: JsonFallback = { kind: name === "json_exists" ? "FALSE" : "NULL", value: undefined };
  while (!cursor.is(")")) {
    const use = fallback(cursor, name);
    cursor.expect("ON");
    if (name !== "json_exists" && cursor.accept("EMPTY") !== undefined) onEmpty = use;
    else {
      cursor.expect("ERROR");
      onError = use;
    }
    cursor.count("chain");
  }
  return { kind: "jsonPath", at, name, of, path, pathAt, returning, wrapper, omitQuotes, onEmpty, onError };
}

function fallback(cursor: Cursor, name: string): JsonFallback {
  const plain = cursor.accept(
    "ERROR",
    "NULL",
    ...(name === "json_exists" ? (["TRUE", "FALSE", "UNKNOWN"] as const) : []),
  );
  if (plain !== undefined) return { kind: plain, value: undefined };
  if (name === "json_value" && cursor.accept("DEFAULT") !== undefined)
    return { kind: "DEFAULT", value: cursor.parsers.value(cursor) };
  if (name === "json_query" && cursor.accept("EMPTY") !== undefined)
    return {
      kind: cursor.accept("OBJECT") !== undefined ? "EMPTY OBJECT" : (cursor.accept("ARRAY"), "EMPTY ARRAY"),
      value: undefined,
    };
  throw cursor.unexpected("ERROR or NULL");
}

function acceptFormat(cursor: Cursor): boolean {
  if (!(cursor.is("FORMAT") && cursor.next().key === "JSON")) return false;
  cursor.take();
  cursor.take();
  return true;
}

/** `NULL ON NULL` or `ABSENT ON NULL`. */
function absentOnNull(cursor: Cursor, otherwise: boolean): boolean {
  const word = cursor.accept("NULL", "ABSENT");
  if (word === undefined) return otherwise;
  cursor.expect("ON", "NULL");
  return word === "ABSENT";
}

const endsList = (cursor: Cursor): boolean =>
  cursor.is(")") || (cursor.is("NULL", "ABSENT") && cursor.next().key === "ON") || cursor.is("RETURNING");

function objectCall(cursor: Cursor, at: number): Expression {
  const members = endsList(cursor)
    ? []
    : cursor.list(() => {
        const marked = cursor.is("KEY") && !["VALUE", ":", ",", ")", "."].includes(cursor.next().key);
        if (marked) cursor.take();
        const key = cursor.parsers.value(cursor);
        if (cursor.accept("VALUE") === undefined) cursor.expect(":");
        return { key, value: cursor.expression(), format: acceptFormat(cursor) };
      });
  const absent = absentOnNull(cursor, false);
  const unique = cursor.accept("WITH", "WITHOUT");
  if (unique === "WITH") throw cursor.error(cursor.at, "WITH UNIQUE KEYS is not supported");
  if (unique !== undefined) {
    cursor.expect("UNIQUE");
    cursor.accept("KEYS");
  }
  returningText(cursor);
  return { kind: "jsonObject", at, members, absentOnNull: absent };
}

function arrayCall(cursor: Cursor, at: number): Expression {
  const items = endsList(cursor)
    ? []
    : cursor.list(() => ({ value: cursor.expression(), format: acceptFormat(cursor) }));
  const absent = absentOnNull(cursor, true);
  returningText(cursor);
  return { kind: "jsonArray", at, items, absentOnNull: absent };
}

function returningText(cursor: Cursor): void {
  if (cursor.accept("RETURNING") === undefined) return;
  const { start } = cursor.token;
  if (parseType(cursor).kind !== "varchar") throw cursor.error(start, "only RETURNING varchar is supported");
}
