import type { Cursor } from "./cursor.ts";
import type { Expression, SortKey } from "./syntax.ts";
import { readTime } from "./read-time.ts";
import { Span, StatementError, Time } from "./value.ts";

const comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="];
const spans: Readonly<Record<string, number>> = { second: 1e3, minute: 6e4, hour: 36e5, day: 864e5 };
/** Words that end an expression, so that none of them is a name. */
const reserved =
  /^(?:from|where|group|having|order|limit|union|except|intersect|on|join|left|cross|inner|as|and|or|then|when|else|end|asc|desc|is|in|like|between|escape|select)$/i;

/** An expression. */
export function parseExpression(cursor: Cursor): Expression {
  let left = conjunction(cursor);
  while (cursor.takes("or")) left = binary("or", left, conjunction(cursor));
  return left;
}

/** A list of them, with commas between. */
export function parseList<T>(cursor: Cursor, one: (cursor: Cursor) => T): readonly T[] {
  const items = [one(cursor)];
  while (cursor.takes(",")) items.push(one(cursor));
  return items;
}

/** A key of ORDER BY. */
export function parseSortKey(cursor: Cursor): SortKey {
  const of = parseExpression(cursor);
  const descending = cursor.takes("desc");
  if (!descending) cursor.takes("asc");
  if (!cursor.takes("nulls")) return { of, descending };
  const nullsFirst = cursor.takes("first");
  if (!nullsFirst) cursor.expect("last");
  return { of, descending, nullsFirst };
}

/** A name: a word or one in quotes. */
export function parseName(cursor: Cursor): string {
  const { kind, text } = cursor.token;
  if (kind === "quoted") return cursor.next("quoted", "a name").text;
  if (reserved.test(text)) cursor.fail("a name");
  return cursor.next("word", "a name").text;
}

/** Whether a name that nobody asked for comes next: an alias without AS. */
export function hasAlias(cursor: Cursor): boolean {
  const { kind, text } = cursor.token;
  return kind === "quoted" || (kind === "word" && !reserved.test(text));
}

function conjunction(cursor: Cursor): Expression {
  let left = negation(cursor);
  while (cursor.takes("and")) left = binary("and", left, negation(cursor));
  return left;
}

function negation(cursor: Cursor): Expression {
  return cursor.takes("not") ? { kind: "not", of: negation(cursor) } : predicate(cursor);
}

function predicate(cursor: Cursor): Expression {
  const of = sum(cursor);
  const comparison = comparisons.find((sign) => cursor.is(sign));
  if (comparison !== undefined) {
    cursor.expect(comparison);
    return binary(comparison === "!=" ? "<>" : comparison, of, sum(cursor));
  }
  if (cursor.takes("is")) {
    const isNot = cursor.takes("not");
    cursor.expect("null");
    return negated(isNot, { kind: "isNull", of });
  }
  const isNot = cursor.takes("not");
  if (cursor.takes("between")) {
    const low = sum(cursor);
    cursor.expect("and");
    return negated(isNot, binary("and", binary(">=", of, low), binary("<=", of, sum(cursor))));
  }
  if (cursor.takes("like")) {
    const pattern = sum(cursor);
    const escape = cursor.takes("escape") ? cursor.next("text", "a character").text : "";
    return negated(isNot, { kind: "like", of, pattern, escape });
  }
  if (cursor.takes("in")) {
    cursor.expect("(");
    const items = cursor.is("select") || cursor.is("with") ? cursor.query() : parseList(cursor, parseExpression);
    cursor.expect(")");
    return negated(isNot, { kind: "in", of, items });
  }
  if (isNot) cursor.fail("BETWEEN, LIKE or IN");
  return of;
}

function sum(cursor: Cursor): Expression {
  let left = product(cursor);
  for (;;) {
    const sign = ["+", "-", "||"].find((one) => cursor.takes(one));
    if (sign === undefined) return left;
    left = binary(sign, left, product(cursor));
  }
}

function product(cursor: Cursor): Expression {
  let left = postfix(cursor);
  for (;;) {
    const sign = ["*", "/", "%"].find((one) => cursor.takes(one));
    if (sign === undefined) return left;
    left = binary(sign, left, postfix(cursor));
  }
}

function postfix(cursor: Cursor): Expression {
  if (cursor.takes("-")) return { kind: "minus", of: postfix(cursor) };
  let of = primary(cursor);
  while (cursor.takes("[")) {
    of = { kind: "subscript", of, at: parseExpression(cursor) };
    cursor.expect("]");
  }
  return of;
}

function primary(cursor: Cursor): Expression {
  const { kind, text } = cursor.token;
  if (kind === "text") return literal(cursor.next("text", "a text").text);
  if (kind === "number") {
    cursor.next("number", "a number");
    return literal(/^\d+$/.test(text) ? BigInt(text) : Number(text));
  }
  if (cursor.takes("(")) return inParentheses(cursor);
  if (kind === "quoted") return named(cursor);
  if (kind !== "word") cursor.fail("an expression");
  if (cursor.takes("null")) return literal(null);
  if (cursor.takes("true")) return literal(true);
  if (cursor.takes("false")) return literal(false);
  if (cursor.takes("case")) return cases(cursor);
  if (cursor.is("array", "[")) {
    cursor.expect("array", "[");
    const items = cursor.is("]") ? [] : parseList(cursor, parseExpression);
    cursor.expect("]");
    return { kind: "array", items };
  }
  if (cursor.takes("exists", "(")) {
    const query = cursor.query();
    cursor.expect(")");
    return { kind: "exists", query };
  }
  if (cursor.is("cast", "(") || cursor.is("try_cast", "(")) return cast(cursor);
  if (cursor.following.kind === "text" && cursor.takes("timestamp")) {
    const written = cursor.next("text", "a time").text;
    const ms = readTime(written);
    if (ms === undefined) throw new StatementError(`'${written}' is no time`);
    return literal(new Time(ms));
  }
  if (cursor.following.kind === "text" && cursor.takes("interval")) {
    const count = Number(cursor.next("text", "a number").text);
    const unit = cursor.next("word", "a unit").text.toLowerCase();
    return literal(new Span(count * (spans[unit] ?? cursor.fail("a unit"))));
  }
  if (cursor.following.text === "->") {
    const name = parseName(cursor);
    cursor.expect("->");
    return { kind: "lambda", names: [name], body: parseExpression(cursor) };
  }
  return named(cursor);
}

function inParentheses(cursor: Cursor): Expression {
  if (cursor.is("select") || cursor.is("with")) {
    const query = cursor.query();
    cursor.expect(")");
    return { kind: "scalar", query };
  }
  const [first, ...more] = parseList(cursor, parseExpression);
  cursor.expect(")");
  if (more.length === 0) return first!;
  cursor.expect("->");
  const names = [first!, ...more].map((one) => (one.kind === "name" ? one.parts[0]! : cursor.fail("a name")));
  return { kind: "lambda", names, body: parseExpression(cursor) };
}

function cases(cursor: Cursor): Expression {
  const operand = cursor.is("when") ? undefined : parseExpression(cursor);
  const branches: (readonly [Expression, Expression])[] = [];
  while (cursor.takes("when")) {
    const when = parseExpression(cursor);
    cursor.expect("then");
    branches.push([operand === undefined ? when : binary("=", operand, when), parseExpression(cursor)]);
  }
  const otherwise = cursor.takes("else") ? parseExpression(cursor) : literal(null);
  cursor.expect("end");
  return { kind: "case", branches, otherwise };
}

function cast(cursor: Cursor): Expression {
  const tries = cursor.takes("try_cast");
  if (!tries) cursor.expect("cast");
  cursor.expect("(");
  const of = parseExpression(cursor);
  cursor.expect("as");
  const type = typeName(cursor);
  cursor.expect(")");
  return { kind: "cast", of, type, tries };
}

function typeName(cursor: Cursor): string {
  const name = cursor.next("word", "a type").text.toLowerCase();
  if (!cursor.takes("(")) return name;
  const inner = parseList(cursor, typeName).join(",");
  cursor.expect(")");
  return `${name}(${inner})`;
}

/** A column, or a call. */
function named(cursor: Cursor): Expression {
  const { offset } = cursor.token;
  const parts = [parseName(cursor)];
  if (cursor.takes("(")) return call(cursor, parts[0]!, offset);
  while (cursor.takes(".")) parts.push(parseName(cursor));
  return { kind: "name", parts };
}

function call(cursor: Cursor, name: string, offset: number): Expression {
  const distinct = cursor.takes("distinct");
  const isAll = cursor.takes("*");
  const args = isAll || cursor.is(")") ? [] : parseList(cursor, parseExpression);
  const order = cursor.takes("order", "by") ? parseList(cursor, parseSortKey) : [];
  cursor.expect(")");
  let filter: Expression | undefined;
  if (cursor.takes("filter", "(", "where")) {
    filter = parseExpression(cursor);
    cursor.expect(")");
  }
  if (!cursor.takes("over", "(")) return { kind: "call", name, offset, args, distinct, order, filter };
  const partition = cursor.takes("partition", "by") ? parseList(cursor, parseExpression) : [];
  const over = { partition, order: cursor.takes("order", "by") ? parseList(cursor, parseSortKey) : [] };
  cursor.expect(")");
  return { kind: "call", name, offset, args, distinct, order, filter, over };
}

const literal = (value: Extract<Expression, { kind: "literal" }>["value"]): Expression => ({ kind: "literal", value });
const binary = (operator: string, left: Expression, right: Expression): Expression => ({
  kind: "binary",
  operator,
  left,
  right,
});
const negated = (isNot: boolean, of: Expression): Expression => (isNot ? { kind: "not", of } : of);
