import { Cursor } from "./cursor.ts";
import { hasAlias, parseExpression, parseList, parseName, parseSortKey } from "./parse-expression.ts";
import type { Body, Expression, Item, Query, Relation, Select } from "./syntax.ts";

/** A whole statement. Throws `StatementError` with the place. */
export function parseStatement(statement: string): Query {
  const cursor = new Cursor(statement, parseQuery);
  if (!cursor.is("select") && !cursor.is("with") && !cursor.is("(")) cursor.fail("SELECT");
  const query = parseQuery(cursor);
  if (cursor.token.kind !== "end") cursor.fail("the end of the statement");
  return query;
}

/** A query, up to what does not belong to it. */
export function parseQuery(cursor: Cursor): Query {
  const tables: (readonly [string, Query])[] = [];
  if (cursor.takes("with"))
    do {
      const name = parseName(cursor);
      cursor.expect("as", "(");
      tables.push([name, parseQuery(cursor)]);
      cursor.expect(")");
    } while (cursor.takes(","));
  const body = parseBody(cursor);
  const order = cursor.takes("order", "by") ? parseList(cursor, parseSortKey) : [];
  const limit = cursor.takes("limit") ? Number(cursor.next("number", "a number").text) : undefined;
  return { tables, body, order, limit };
}

function parseBody(cursor: Cursor): Body {
  let left = parseTerm(cursor);
  for (;;) {
    const kind = (["union", "except", "intersect"] as const).find((word) => cursor.takes(word));
    if (kind === undefined) return left;
    const all = cursor.takes("all");
    if (!all) cursor.takes("distinct");
    left = { kind, all, left, right: parseTerm(cursor) };
  }
}

function parseTerm(cursor: Cursor): Body {
  if (!cursor.takes("(")) return parseSelect(cursor);
  const body = parseBody(cursor);
  cursor.expect(")");
  return body;
}

function parseSelect(cursor: Cursor): Select {
  cursor.expect("select");
  const distinct = cursor.takes("distinct");
  const items = cursor.takes("*") ? "*" : parseList(cursor, parseItem);
  cursor.expect("from");
  const from = parseRelations(cursor);
  const where = cursor.takes("where") ? parseExpression(cursor) : undefined;
  const group = cursor.takes("group", "by") ? parseList(cursor, parseExpression) : undefined;
  const having = cursor.takes("having") ? parseExpression(cursor) : undefined;
  return { kind: "select", distinct, items, from, where, group, having };
}

function parseItem(cursor: Cursor): Item {
  const of = parseExpression(cursor);
  const isNamed = cursor.takes("as") || hasAlias(cursor);
  return isNamed ? { of, alias: parseName(cursor) } : { of };
}

function parseRelations(cursor: Cursor): Relation {
  let left = parseRelation(cursor);
  for (;;) {
    if (cursor.takes(",") || cursor.takes("cross", "join"))
      left = { kind: "join", left, right: parseRelation(cursor), outer: false };
    else {
      const outer = cursor.takes("left", "join") || cursor.takes("left", "outer", "join");
      if (!outer && !cursor.takes("join") && !cursor.takes("inner", "join")) return left;
      const right = parseRelation(cursor);
      cursor.expect("on");
      const on: Expression = parseExpression(cursor);
      left = { kind: "join", left, right, outer, on };
    }
  }
}

function parseRelation(cursor: Cursor): Relation {
  const { kind, offset } = cursor.token;
  if (cursor.takes("(")) {
    const query = parseQuery(cursor);
    cursor.expect(")");
    return { kind: "query", query, alias: parseAlias(cursor) };
  }
  if (cursor.takes("unnest", "(")) {
    const of = parseExpression(cursor);
    cursor.expect(")");
    const alias = parseAlias(cursor);
    cursor.expect("(");
    const names = parseList(cursor, parseName);
    cursor.expect(")");
    return { kind: "unnest", of, alias, names };
  }
  if (kind === "store") {
    const { text: name } = cursor.next("store", "an event data store");
    return { kind, name, alias: parseAlias(cursor), offset };
  }
  const name = parseName(cursor);
  return { kind: "name", name, alias: parseAlias(cursor), offset };
}

function parseAlias(cursor: Cursor): string | undefined {
  return cursor.takes("as") || hasAlias(cursor) ? parseName(cursor) : undefined;
}
