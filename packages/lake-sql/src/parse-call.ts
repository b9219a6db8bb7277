import type { Expression, FrameBound, FunctionCall, SortItem, Window } from "./ast.ts";
import type { Cursor } from "./cursor.ts";

/** A function call with DISTINCT, ORDER BY, FILTER and OVER, and the spelled-out forms of SUBSTRING, TRIM and POSITION. */
export function parseCall(cursor: Cursor): Expression {
  const at = cursor.at;
  const name = cursor.take().text.toLowerCase();
  let star = false;
  let distinct = false;
  let orderBy: readonly SortItem[] = [];
  const args = cursor.parenthesized((): readonly Expression[] => {
    if (cursor.is(")")) return [];
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
  if (cursor.is("IGNORE", "RESPECT")) throw cursor.error(cursor.at, "IGNORE NULLS and RESPECT NULLS are not supported");
  const call: FunctionCall = { kind: "call", at, name, star, distinct, args, orderBy, filter, over: undefined };
  if (!(cursor.is("OVER") && cursor.next().key === "(")) return call;
  cursor.take();
  return { ...call, over: cursor.parenthesized(() => windowOf(cursor)) };
}

/** `substring(a FROM b FOR c)` and `position(a IN b)`; nothing taken when it is another call. */
function spelledOut(cursor: Cursor, name: string): readonly Expression[] | undefined {
  if (name === "trim" && cursor.is("LEADING", "TRAILING", "BOTH"))
    throw cursor.error(cursor.at, "use trim(text), ltrim(text) or rtrim(text)");
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
