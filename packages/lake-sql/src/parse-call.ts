import type { Expression, FrameBound, FunctionCall, SortItem, Window } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseJsonCall } from "./parse-json.ts";

/** A function call with DISTINCT, ORDER BY, FILTER and OVER, and the spelled-out forms of SUBSTRING, TRIM and POSITION. */
export function parseCall(cursor: Cursor): Expression {
  const json = parseJsonCall(cursor);
  if (json !== undefined) return json;
  const at = cursor.at;
  let name = cursor.take().text.toLowerCase();
  let star = false;
  let distinct = false;
  let orderBy: readonly SortItem[] = [];
  const args = cursor.parenthesized((): readonly Expression[] => {
    if (cursor.is(")")) return [];
    if (name === "trim" && cursor.is("LEADING", "TRAILING", "BOTH")) {
      const side = cursor.take().key;
      name = side === "LEADING" ? "ltrim" : side === "TRAILING" ? "rtrim" : "trim";
      const characters = cursor.is("FROM") ? [] : [cursor.expression()];
      cursor.expect("FROM");
      return [cursor.expression(), ...characters];
    }
    if (cursor.accept("*") !== undefined) {
      star = true;
      return [];
    }
    distinct = cursor.accept("DISTINCT") !== undefined;
    if (!distinct) cursor.accept("ALL");
    const spelled = spelledOut(cursor, name);
    if (spelled !== undefined) return spelled;
    const list = cursor.list(() => cursor.expression());
    if (cursor.accept("ORDER") !== undefined) {
      cursor.expect("BY");
      orderBy = parseSort(cursor);
    }
    return list;
  });
  if (cursor.is("WITHIN") && cursor.next().key === "GROUP") {
    cursor.take();
    cursor.take();
    orderBy = cursor.parenthesized(() => {
      cursor.expect("ORDER", "BY");
      return parseSort(cursor);
    });
  }
  let filter: Expression | undefined;
  if (cursor.is("FILTER") && cursor.next().key === "(") {
    cursor.take();
    filter = cursor.parenthesized(() => {
      cursor.expect("WHERE");
      return cursor.expression();
    });
  }
  let ignoreNulls = false;
  if (cursor.is("IGNORE", "RESPECT") && cursor.next().key === "NULLS") {
    ignoreNulls = cursor.take().key === "IGNORE";
    cursor.take();
  }
  const call: FunctionCall = {
    kind: "call",
    at,
    name,
    star,
    distinct,
    args,
    orderBy,
    filter,
    ignoreNulls,
    over: undefined,
  };
  if (!cursor.is("OVER")) return call;
  const { key, kind } = cursor.next();
  if (key !== "(" && kind !== "word" && kind !== "quoted") return call;
  cursor.take();
  if (key === "(") return { ...call, over: parseWindow(cursor) };
  const wanted = {
    name: cursor.identifier("a window"),
    window: { partitionBy: [], orderBy: [], frame: undefined },
  };
  cursor.windows.wanted.push(wanted);
  return { ...call, over: wanted.window };
}

/** `substring(a FROM b FOR c)` and `position(a IN b)`; nothing taken when it is another call. */
function spelledOut(cursor: Cursor, name: string): readonly Expression[] | undefined {
  if (name === "position") {
    const part = cursor.parsers.value(cursor);
    cursor.expect("IN");
    return [part, cursor.parsers.value(cursor)];
  }
  if (name !== "substring") return undefined;
  const args = [cursor.expression()];
  const words = cursor.is("FROM") ? ["FROM", "FOR"] : [",", ","];
  for (const word of words) if (cursor.accept(word) !== undefined) args.push(cursor.expression());
  return args;
}

/** The items after ORDER BY. Without NULLS FIRST or LAST Trino puts nulls last in either direction. */
export function parseSort(cursor: Cursor): SortItem[] {
  return cursor.list(() => {
    const of = cursor.expression();
    const descending = cursor.accept("ASC", "DESC") === "DESC";
    let nullsFirst = false;
    if (cursor.accept("NULLS") !== undefined) {
      const where = cursor.accept("FIRST", "LAST");
      if (where === undefined) throw cursor.unexpected("FIRST or LAST");
      nullsFirst = where === "FIRST";
    }
    return { of, descending, nullsFirst };
  });
}

/** `(PARTITION BY ... ORDER BY ... ROWS ...)`. */
export const parseWindow = (cursor: Cursor): Window => cursor.parenthesized(() => windowOf(cursor));

function windowOf(cursor: Cursor): Window {
  let partitionBy: readonly Expression[] = [];
  let orderBy: readonly SortItem[] = [];
  if (cursor.accept("PARTITION") !== undefined) {
    cursor.expect("BY");
    partitionBy = cursor.list(() => cursor.expression());
  }
  if (cursor.accept("ORDER") !== undefined) {
    cursor.expect("BY");
    orderBy = parseSort(cursor);
  }
  const unit = cursor.accept("ROWS", "RANGE", "GROUPS");
  if (unit !== "ROWS" && unit !== "RANGE" && unit !== "GROUPS") return { partitionBy, orderBy, frame: undefined };
  const between = cursor.accept("BETWEEN") !== undefined;
  const start = bound(cursor);
  if (between) cursor.expect("AND");
  return { partitionBy, orderBy, frame: { unit, start, end: between ? bound(cursor) : undefined } };
}

function bound(cursor: Cursor): FrameBound {
  if (cursor.accept("CURRENT") !== undefined) {
    cursor.expect("ROW");
    return { kind: "CURRENT ROW", offset: undefined };
  }
  const unbounded = cursor.accept("UNBOUNDED") !== undefined;
  const offset = unbounded ? undefined : cursor.expression();
  const direction = cursor.accept("PRECEDING", "FOLLOWING");
  if (direction !== "PRECEDING" && direction !== "FOLLOWING") throw cursor.unexpected("PRECEDING or FOLLOWING");
  return { kind: unbounded ? `UNBOUNDED ${direction}` : direction, offset };
}
