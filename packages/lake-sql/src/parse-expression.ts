import type { BinaryOperator, ComparisonOperator, Expression } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { parsePrimary } from "./parse-primary.ts";

const comparisons = ["=", "<>", "!=", "<", "<=", ">", ">="] as const;

/** An expression: OR, AND, NOT, predicates, `||`, `+ -`, `* / %`, unary, AT TIME ZONE, primary; weakest first. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => logic(cursor, "OR", () => logic(cursor, "AND", () => not(cursor))));
}

function logic(cursor: Cursor, op: "AND" | "OR", term: () => Expression): Expression {
  const at = cursor.at;
  const terms = [term()];
  while (cursor.accept(op) !== undefined) terms.push(term());
  const [only] = terms;
  return terms.length === 1 && only !== undefined ? only : { kind: "logic", at, op, terms };
}

function not(cursor: Cursor): Expression {
  const at = cursor.at;
  if (cursor.accept("NOT") === undefined) return predicate(cursor);
  return { kind: "not", at, of: cursor.nested(() => not(cursor)) };
}

function predicate(cursor: Cursor): Expression {
  let left = concat(cursor);
  for (;;) {
    const at = cursor.at;
    if (cursor.is(...comparisons)) left = comparison(cursor, left);
    else if (cursor.accept("IS") !== undefined) {
      const negated = cursor.accept("NOT") !== undefined;
      if (cursor.accept("DISTINCT") !== undefined) {
        cursor.expect("FROM");
        left = { kind: "distinct", at, negated, left, right: concat(cursor) };
      } else {
        cursor.expect("NULL");
        left = { kind: "isNull", at, negated, of: left };
      }
    } else {
      const negated = cursor.is("NOT") && ["BETWEEN", "IN", "LIKE"].includes(cursor.next().key);
      if (negated) cursor.take();
      if (cursor.accept("BETWEEN") !== undefined) {
        const low = concat(cursor);
        cursor.expect("AND");
        left = { kind: "between", at, negated, of: left, low, high: concat(cursor) };
      } else if (cursor.accept("LIKE") !== undefined) {
        const pattern = concat(cursor);
        left = {
          kind: "like",
          at,
          negated,
          of: left,
          pattern,
          escape: cursor.accept("ESCAPE") === undefined ? undefined : concat(cursor),
        };
      } else if (cursor.accept("IN") !== undefined) left = membership(cursor, left, at, negated);
      else return left;
    }
    cursor.count("chain");
  }
}

function comparison(cursor: Cursor, left: Expression): Expression {
  const at = cursor.at;
  const symbol = cursor.accept(...comparisons);
  if (symbol === undefined) throw cursor.unexpected("a comparison");
  const op: ComparisonOperator = symbol === "!=" ? "<>" : symbol;
  const quantifier = cursor.is("ALL", "ANY", "SOME") && cursor.next().key === "(" ? cursor.take().key : undefined;
  if (quantifier === undefined) return { kind: "compare", at, op, left, right: concat(cursor) };
  const query = cursor.parenthesized(() => cursor.query());
  return { kind: "compareQuery", at, op, quantifier: quantifier === "ALL" ? "ALL" : "ANY", left, query };
}

function membership(cursor: Cursor, of: Expression, at: number, negated: boolean): Expression {
  return cursor.parenthesized((): Expression => {
    if (cursor.is("SELECT", "WITH", "VALUES", "TABLE"))
      return { kind: "inQuery", at, negated, of, query: cursor.query() };
    return { kind: "in", at, negated, of, list: cursor.list(() => parseExpression(cursor)) };
  });
}

function leftAssociative(cursor: Cursor, ops: readonly BinaryOperator[], operand: () => Expression): Expression {
  let left = operand();
  for (;;) {
    const at = cursor.at;
    const op = cursor.accept(...ops);
    if (op === undefined) return left;
    cursor.count("chain");
    left = { kind: "binary", at, op, left, right: operand() };
  }
}

/** An operand: everything that binds stronger than a comparison. */
export const parseValue = (cursor: Cursor): Expression => concat(cursor);

const concat = (cursor: Cursor): Expression => leftAssociative(cursor, ["||"], () => sum(cursor));
const sum = (cursor: Cursor): Expression => leftAssociative(cursor, ["+", "-"], () => product(cursor));
const product = (cursor: Cursor): Expression => leftAssociative(cursor, ["*", "/", "%"], () => unary(cursor));

function unary(cursor: Cursor): Expression {
  const at = cursor.at;
  const sign = cursor.accept("-", "+");
  if (sign === undefined) return zoned(cursor);
  const of = cursor.nested(() => unary(cursor));
  return sign === "-" ? { kind: "negate", at, of } : of;
}

function zoned(cursor: Cursor): Expression {
  let of = parsePrimary(cursor);
  while (cursor.is("AT") && cursor.next().key === "TIME") {
    const at = cursor.take().start;
    cursor.expect("TIME", "ZONE");
    cursor.count("chain");
    of = { kind: "atTimeZone", at, of, zone: parsePrimary(cursor) };
  }
  return of;
}
