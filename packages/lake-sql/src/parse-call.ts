import type { Expression, FunctionCall, SortItem } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseJsonCall } from "./parse-json.ts";
import { parseSort } from "./parse-sort.ts";
import { parseWindow } from "./parse-window.ts";

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
    if (name === "trim") {
      const side = cursor.accept("LEADING", "TRAILING", "BOTH");
      if (side === "LEADING" || side === "TRAILING") name = side === "LEADING" ? "ltrim" : "rtrim";
      const first = cursor.is("FROM") ? [] : [cursor.expression()];
      if (side !== undefined) cursor.expect("FROM");
      if (side !== undefined || cursor.accept("FROM") !== undefined) return [cursor.expression(), ...first];
      if (cursor.accept(",") !== undefined) first.push(cursor.expression());
      return first;
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
  return { ...call, over: parseWindow(cursor) };
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
