import type { CommonTable, Expression, GroupingElement, Query, QueryBody, Select, SelectItem } from "./ast.ts";
import { Cursor } from "./cursor.ts";
import { parseSort } from "./parse-sort.ts";
import { parseExpression, parseValue } from "./parse-expression.ts";
import { parseRelations, parseTable } from "./parse-relation.ts";
import { fillWindows, parseWindows } from "./parse-window.ts";

/** One SELECT statement, a trailing semicolon allowed. Throws `LakeSqlError` INVALID_QUERY_STATEMENT. */
export function parseStatement(source: string): Query {
  const cursor = new Cursor(source, { expression: parseExpression, value: parseValue, query: parseQuery });
  if (!cursor.is("SELECT", "WITH", "VALUES", "TABLE", "(")) {
    throw cursor.error(
      cursor.at,
      cursor.token.kind === "end" ? "the statement is empty" : "only SELECT statements can be run",
    );
  }
  const query = parseQuery(cursor);
  while (cursor.accept(";") !== undefined);
  if (cursor.token.kind !== "end") throw cursor.unexpected("the end of the statement; one statement is run at a time");
  return query;
}

export function parseQuery(cursor: Cursor, first?: QueryBody): Query {
  return cursor.nested(() => {
    const at = cursor.at;
    const [wanted, declared] = [cursor.windows.wanted.length, cursor.windows.declared.length];
    const commons: CommonTable[] = first !== undefined || cursor.accept("WITH") === undefined ? [] : withList(cursor);
    const body = setOperation(cursor, first);
    let orderBy: Query["orderBy"] = [];
    if (cursor.accept("ORDER") !== undefined) {
      cursor.expect("BY");
      orderBy = parseSort(cursor);
    }
    let offset: string | undefined;
    let limit: string | undefined;
    let ties = false;
    if (cursor.accept("OFFSET") !== undefined) {
      offset = count(cursor);
      cursor.accept("ROW", "ROWS");
    }
    if (cursor.accept("LIMIT") !== undefined) {
      if (cursor.accept("ALL") === undefined) limit = count(cursor);
    } else if (cursor.accept("FETCH") !== undefined) {
      if (cursor.accept("FIRST", "NEXT") === undefined) throw cursor.unexpected("FIRST");
      limit = cursor.is("ROW", "ROWS") ? "1" : positiveCount(cursor);
      if (cursor.accept("ROW", "ROWS") === undefined) throw cursor.unexpected("ROWS");
      if (cursor.is("WITH")) {
        if (orderBy.length === 0) throw cursor.error(cursor.at, "FETCH FIRST ... WITH TIES needs ORDER BY");
        cursor.expect("WITH", "TIES");
        ties = true;
      } else cursor.expect("ONLY");
    }
    fillWindows(cursor, wanted, declared);
    cursor.windows.declared.length = declared;
    return { at, with: commons, body, orderBy, limit, offset, ties };
  });
}

function count(cursor: Cursor): string {
  if (cursor.token.kind !== "integer") throw cursor.unexpected("a number of rows");
  const { text, start } = cursor.take();
  if (text.length > 18) throw cursor.error(start, "a number of rows has at most 18 digits");
  return text;
}

function positiveCount(cursor: Cursor): string {
  const { at } = cursor;
  const rows = count(cursor);
  if (/^0+$/.test(rows)) throw cursor.error(at, "FETCH FIRST takes one row or more");
  return rows;
}

function withList(cursor: Cursor): CommonTable[] {
  const { at } = cursor;
  const recursive = cursor.accept("RECURSIVE") !== undefined;
  // Each level of it would write the level within ten times out.
  if (recursive) cursor.beginRecursion(at);
  const list = cursor.list(() => {
    cursor.count("relation");
    const name = cursor.identifier("a name");
    const columns = cursor.is("(")
      ? cursor.parenthesized(() => cursor.list(() => cursor.identifier("a column name")))
      : undefined;
    if (recursive && columns === undefined)
      throw cursor.error(name.at, "each table of WITH RECURSIVE names its columns: NAME (COLUMN, ...) AS (...)");
    cursor.expect("AS");
    return { recursive, name, columns, query: cursor.parenthesized(() => parseQuery(cursor)) };
  });
  if (recursive) cursor.endRecursion();
  return list;
}

/** UNION and EXCEPT bind alike, INTERSECT stronger. */
function setOperation(cursor: Cursor, first: QueryBody | undefined): QueryBody {
  let given = first;
  const operand = (): QueryBody => {
    const body = given ?? term(cursor);
    given = undefined;
    return body;
  };
  return operations(cursor, ["UNION", "EXCEPT"], () => operations(cursor, ["INTERSECT"], operand));
}

function operations(
  cursor: Cursor,
  ops: readonly ("UNION" | "INTERSECT" | "EXCEPT")[],
  operand: () => QueryBody,
): QueryBody {
  let left = operand();
  for (;;) {
    const at = cursor.at;
    const op = cursor.accept(...ops);
    if (op === undefined) return left;
    cursor.count("set operation");
    const all = cursor.accept("ALL", "DISTINCT") === "ALL";
    left = { kind: "set", at, op, all, left, right: operand() };
  }
}

function term(cursor: Cursor): QueryBody {
  const at = cursor.at;
  if (cursor.is("(")) return { kind: "nested", at, query: cursor.parenthesized(() => parseQuery(cursor)) };
  if (cursor.accept("VALUES") !== undefined) {
    const rows = cursor.list((): readonly Expression[] => {
      const row = parseExpression(cursor);
      return row.kind === "row" ? row.items : [row];
    });
    return { kind: "values", at, rows };
  }
  if (cursor.accept("TABLE") !== undefined) {
    const item: SelectItem = { kind: "star", at, of: undefined };
    const from = parseTable(cursor);
    return {
      kind: "select",
      at,
      distinct: false,
      items: [item],
      from,
      where: undefined,
      groupBy: [],
      having: undefined,
    };
  }
  return select(cursor);
}

function select(cursor: Cursor): Select {
  const at = cursor.at;
  const [wanted, declared] = [cursor.windows.wanted.length, cursor.windows.declared.length];
  cursor.expect("SELECT");
  const distinct = cursor.accept("DISTINCT", "ALL") === "DISTINCT";
  const items = cursor.list(() => selectItem(cursor));
  if (cursor.is("INTO"))
    throw cursor.error(cursor.at, "SELECT INTO is not supported: only SELECT statements can be run");
  const from = cursor.accept("FROM") === undefined ? undefined : parseRelations(cursor);
  const where = cursor.accept("WHERE") === undefined ? undefined : parseExpression(cursor);
  let groupBy: readonly GroupingElement[] = [];
  if (cursor.accept("GROUP") !== undefined) {
    cursor.expect("BY");
    if (cursor.accept("DISTINCT") !== undefined) throw cursor.error(cursor.at, "GROUP BY DISTINCT is not supported");
    cursor.accept("ALL");
    groupBy = cursor.list(() => grouping(cursor));
  }
  const having = cursor.accept("HAVING") === undefined ? undefined : parseExpression(cursor);
  if (cursor.is("WINDOW") && cursor.next().key !== "(") {
    cursor.take();
    parseWindows(cursor, declared);
  }
  if (cursor.windows.declared.length > declared) fillWindows(cursor, wanted, declared);
  return { kind: "select", at, distinct, items, from, where, groupBy, having };
}

function selectItem(cursor: Cursor): SelectItem {
  const at = cursor.at;
  if (cursor.accept("*") !== undefined) return { kind: "star", at, of: undefined };
  if (cursor.isIdentifier() && cursor.next().key === ".") {
    const ahead = cursor.fork();
    const of = ahead.identifier("a name");
    ahead.take();
    if (ahead.accept("*") !== undefined) {
      cursor.moveTo(ahead);
      return { kind: "star", at, of };
    }
  }
  return { kind: "expression", at, of: parseExpression(cursor), alias: cursor.alias() };
}

function grouping(cursor: Cursor): GroupingElement {
  const next = cursor.next().key;
  if ((cursor.is("ROLLUP") || cursor.is("CUBE")) && next === "(") {
    const kind = cursor.take().key === "ROLLUP" ? "ROLLUP" : "CUBE";
    return { kind, sets: sets(cursor) };
  }
  if (cursor.is("GROUPING") && next === "SETS") {
    cursor.take();
    cursor.take();
    return { kind: "GROUPING SETS", sets: sets(cursor) };
  }
  return { kind: "simple", items: groupingSet(cursor) };
}

const sets = (cursor: Cursor): (readonly Expression[])[] =>
  cursor.parenthesized(() => cursor.list(() => groupingSet(cursor)));

function groupingSet(cursor: Cursor): readonly Expression[] {
  if (cursor.is("(") && cursor.next().key === ")") return cursor.parenthesized(() => []);
  const item = parseExpression(cursor);
  return item.kind === "row" ? item.items : [item];
}
