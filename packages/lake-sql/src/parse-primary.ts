import type { Expression, Identifier } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parseCall } from "./parse-call.ts";
import { parseInterval } from "./parse-interval.ts";
import { parseType } from "./parse-type.ts";

/** A primary expression with its `.field` and `[subscript]` suffixes. */
export function parsePrimary(cursor: Cursor): Expression {
  let of = cursor.nested(() => bare(cursor));
  for (;;) {
    const at = cursor.at;
    if (cursor.accept(".") !== undefined) of = { kind: "field", at, of, name: cursor.fieldName() };
    else if (cursor.accept("[") !== undefined) {
      const index = cursor.expression();
      cursor.expect("]");
      of = { kind: "subscript", at, of, index };
    } else return of;
    cursor.count("chain");
  }
}

function bare(cursor: Cursor): Expression {
  const { kind, key, text, start: at } = cursor.token;
  switch (kind) {
    case "string":
      cursor.take();
      return { kind: "string", at, value: text };
    case "integer":
    case "decimal":
    case "double":
      cursor.take();
      return { kind: "number", at, form: kind, text };
    case "quoted":
      return named(cursor);
    case "symbol":
      if (key === "(") return parenthesis(cursor);
      throw cursor.unexpected("an expression");
    case "end":
      break;
    case "word":
      return word(cursor, key, at);
  }
  throw cursor.unexpected("an expression");
}

function word(cursor: Cursor, key: string, at: number): Expression {
  const next = cursor.next();
  switch (key) {
    case "NULL":
      cursor.take();
      return { kind: "null", at };
    case "TRUE":
    case "FALSE":
      cursor.take();
      return { kind: "boolean", at, value: key === "TRUE" };
    case "CASE":
      return caseOf(cursor, at);
    case "CURRENT_TIMESTAMP":
    case "CURRENT_DATE":
    case "CURRENT_TIME":
    case "LOCALTIME":
    case "LOCALTIMESTAMP":
      cursor.take();
      if (cursor.is("(") && cursor.next().kind === "integer") cursor.parenthesized(() => cursor.take());
      return { kind: "now", at, name: key };
    case "EXISTS":
      cursor.take();
      return { kind: "exists", at, query: cursor.parenthesized(() => cursor.query()) };
    default:
  }
  if (next.kind === "string" && (key === "DATE" || key === "TIMESTAMP" || key === "TIME")) {
    cursor.take();
    return { kind: "typed", at, type: key, value: cursor.take().text };
  }
  if (next.kind === "string" && key === "X") {
    cursor.take();
    const digits = cursor.take();
    if (!/^(?:[0-9a-fA-F]{2})*$/.test(digits.text.replaceAll(" ", "")))
      throw cursor.error(digits.start, "a binary literal has pairs of hex digits");
    const value: Expression = { kind: "string", at, value: digits.text.replaceAll(" ", "") };
    return plainCall(at, "from_hex", [value]);
  }
  if (next.kind === "string" && typedLiterals.has(key)) {
    const type = parseType(cursor);
    if (key === "DECIMAL" && cursor.token.kind === "string") {
      const { text, start } = cursor.take();
      if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) throw cursor.error(start, "this text is not a decimal");
      const number: Expression = { kind: "number", at, form: "decimal", text: text.replace(/^[+-]/, "") };
      return text.startsWith("-") ? { kind: "negate", at, of: number } : number;
    }
    const value: Expression = { kind: "string", at, value: cursor.take().text };
    return key === "JSON" ? plainCall(at, "json_parse", [value]) : { kind: "cast", at, safe: false, of: value, type };
  }
  if (key === "INTERVAL" && (next.kind === "string" || next.key === "-" || next.key === "+"))
    return parseInterval(cursor);
  if ((key === "CAST" || key === "TRY_CAST") && next.key === "(") {
    cursor.take();
    return cursor.parenthesized((): Expression => {
      const of = cursor.expression();
      cursor.expect("AS");
      return { kind: "cast", at, safe: key === "TRY_CAST", of, type: parseType(cursor) };
    });
  }
  if (key === "EXTRACT" && next.key === "(") {
    cursor.take();
    return cursor.parenthesized((): Expression => {
      const part = cursor.identifier("a part of a date").text.toLowerCase();
      cursor.expect("FROM");
      return { kind: "extract", at, part, of: cursor.expression() };
    });
  }
  if (key === "ARRAY" && next.key === "[") {
    cursor.take();
    cursor.take();
    const items = cursor.is("]") ? [] : cursor.list(() => cursor.expression());
    cursor.expect("]");
    return { kind: "array", at, items };
  }
  if (key === "ROW" && next.key === "(") {
    cursor.take();
    return { kind: "row", at, items: cursor.parenthesized(() => cursor.list(() => cursor.expression())) };
  }
  return named(cursor);
}

/** Types whose name before a string makes a literal. */
const typedLiterals = new Set([
  "BOOLEAN",
  "TINYINT",
  "SMALLINT",
  "INT",
  "INTEGER",
  "BIGINT",
  "REAL",
  "DOUBLE",
  "DECIMAL",
  "VARCHAR",
  "CHAR",
  "VARBINARY",
  "JSON",
  "UUID",
  "IPADDRESS",
]);

const plainCall = (at: number, name: string, args: readonly Expression[]): Expression => ({
  kind: "call",
  at,
  name,
  star: false,
  distinct: false,
  args,
  orderBy: [],
  filter: undefined,
  ignoreNulls: false,
  over: undefined,
});

/** A lambda of one parameter, a function call, or a name with its dotted parts. */
function named(cursor: Cursor): Expression {
  const next = cursor.next();
  const at = cursor.at;
  if (
    next.key === "(" &&
    cursor.token.kind === "word" &&
    !cursor.is("SELECT", "FROM", "WHERE", "AND", "OR", "ON", "USING", "IN", "VALUES", "UNNEST", "TABLE")
  )
    return parseCall(cursor);
  const first = cursor.identifier("an expression");
  if (next.key === "->") {
    cursor.take();
    return { kind: "lambda", at, params: [first], body: cursor.expression() };
  }
  const parts: Identifier[] = [first];
  while (cursor.is(".") && cursor.next().key !== "*") {
    cursor.take();
    cursor.count("chain");
    parts.push(cursor.fieldName());
  }
  return { kind: "name", at, parts };
}

function parenthesis(cursor: Cursor): Expression {
  const at = cursor.at;
  const params = lambdaParameters(cursor);
  if (params !== undefined) return { kind: "lambda", at, params, body: cursor.expression() };
  return cursor.parenthesized((): Expression => {
    if (cursor.is("SELECT", "WITH", "VALUES", "TABLE")) return { kind: "query", at, query: cursor.query() };
    const items = cursor.list(() => cursor.expression());
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: "row", at, items };
  });
}

/** `(a, b) ->`, looked for ahead; undefined, and nothing taken, when that is not what stands here. */
function lambdaParameters(cursor: Cursor): Identifier[] | undefined {
  const ahead = cursor.fork();
  ahead.take();
  const params: Identifier[] = [];
  while (ahead.isIdentifier()) {
    params.push(ahead.identifier("a parameter"));
    if (ahead.accept(",") === undefined) break;
  }
  if (ahead.accept(")") === undefined || ahead.accept("->") === undefined) return undefined;
  cursor.moveTo(ahead);
  return params;
}

function caseOf(cursor: Cursor, at: number): Expression {
  cursor.take();
  const of = cursor.is("WHEN") ? undefined : cursor.expression();
  const whens: { condition: Expression; result: Expression }[] = [];
  while (cursor.accept("WHEN") !== undefined) {
    const condition = cursor.expression();
    cursor.expect("THEN");
    whens.push({ condition, result: cursor.expression() });
  }
  if (whens.length === 0) throw cursor.unexpected("WHEN");
  const otherwise = cursor.accept("ELSE") === undefined ? undefined : cursor.expression();
  cursor.expect("END");
  return { kind: "case", at, of, whens, otherwise };
}
