import { arithmetic, wrongType } from "./arithmetic.ts";
import { castTo } from "./cast.ts";
import { compare } from "./compare.ts";
import type { SqlRules } from "./sql-rules.ts";
import type { Call, Expression, Query } from "./syntax.ts";
import type { Column, Table } from "./table.ts";
import { placeOf } from "./tokens.ts";
import { isList, isMap, keyOf, type Lambda, Row, RunError, StatementError, textOf, type Value } from "./value.ts";

/** A row, and the rows around it. */
export interface Scope {
  readonly columns: readonly Column[];
  readonly row: readonly Value[];
  readonly outer?: Scope | undefined;
}

/** Where an expression is evaluated. */
export interface Frame {
  readonly scope: Scope;
  /** Rows of its group, where there are groups. */
  readonly group?: readonly Scope[] | undefined;
  /** Values of window functions. */
  readonly windows?: ReadonlyMap<Call, Value> | undefined;
  readonly run: Run;
}

/** What the statement is run with. */
export interface Run {
  readonly rules: SqlRules;
  readonly statement: string;
  readonly query: (query: Query, outer: Scope | undefined) => Table;
}

/** The value of an expression. Throws `StatementError`, `RunError`. */
export function evaluate(expression: Expression, frame: Frame): Value {
  const { rules } = frame.run;
  const value = (of: Expression): Value => evaluate(of, frame);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "name":
      return valueOf(expression.parts, frame);
    case "subscript":
      return subscript(value(expression.of), value(expression.at), rules);
    case "call":
      return call(expression, frame);
    case "lambda":
      return lambda(expression, frame);
    case "not":
      return rules.not(truth(value(expression.of)));
    case "minus": {
      const of = value(expression.of);
      return typeof of === "bigint" || typeof of === "number" ? -of : wrongType("-", of);
    }
    case "binary":
      return binary(expression, frame);
    case "case":
      return value(expression.branches.find(([when]) => value(when) === true)?.[1] ?? expression.otherwise);
    case "cast":
      return castTo(value(expression.of), expression.type, expression.tries);
    case "isNull":
      return value(expression.of) === null;
    case "in":
      return isIn(value(expression.of), items(expression.items, frame), rules);
    case "like": {
      const [text, pattern] = [value(expression.of), value(expression.pattern)];
      if (text === null || pattern === null) return null;
      return rules.likePattern(textOf(pattern), expression.escape).test(textOf(text));
    }
    case "array":
      return expression.items.map(value);
    case "exists":
      return rules.exists(subquery(expression.query, frame).length);
    case "scalar": {
      const rows = subquery(expression.query, frame);
      return rows.length > 1 ? rules.scalarOfMany() : (rows[0]?.[0] ?? null);
    }
    default:
      return impossible(expression);
  }
}

function impossible(expression: never): never {
  throw new Error(`No expression: ${JSON.stringify(expression)}`);
}

const subquery = (query: Query, { run, scope }: Frame): Table["rows"] =>
  run.query(query, run.rules.correlates ? scope : undefined).rows;

function items(list: readonly Expression[] | Query, frame: Frame): readonly Value[] {
  return "body" in list
    ? frame.run.rules.inQuery(subquery(list, frame).map(([first = null]) => first))
    : list.map((one) => evaluate(one, frame));
}

function isIn(value: Value, list: readonly Value[], rules: SqlRules): boolean | null {
  if (value === null) return null;
  if (list.some((one) => one !== null && compare(value, one, rules) === 0)) return true;
  return list.includes(null) ? rules.inWithNull : false;
}

/** A column, with what is within it. */
function valueOf(parts: readonly string[], { scope, run }: Frame): Value {
  const { sameName } = run.rules;
  const [first = "", second] = parts;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const { columns, row } = at;
    const qualified = columns.findIndex(
      ({ name, of }) => second !== undefined && of !== undefined && sameName(of, first) && sameName(name, second),
    );
    if (qualified >= 0) return within(row[qualified] ?? null, parts.slice(2), run.rules);
    const plain = columns.findIndex(({ name }) => sameName(name, first));
    if (plain >= 0) return within(row[plain] ?? null, parts.slice(1), run.rules);
  }
  return run.rules.unresolved(parts.join("."));
}

function within(value: Value, parts: readonly string[], rules: SqlRules): Value {
  const [first, ...rest] = parts;
  if (first === undefined) return value;
  if (value === null) return null;
  const field = value instanceof Row ? value.fields.find(([name]) => rules.sameName(name, first)) : undefined;
  return field === undefined ? rules.unresolved(first) : within(field[1], rest, rules);
}

function subscript(of: Value, at: Value, rules: SqlRules): Value {
  if (of === null || at === null) return null;
  if (isMap(of)) return of.has(textOf(at)) ? rules.presentKey(of.get(textOf(at)) ?? null) : rules.absentKey(at);
  if (!isList(of) || typeof at !== "bigint") return wrongType("[]", of);
  const found = of[Number(at) - 1];
  if (found === undefined) throw new RunError("Array subscript out of bounds");
  return found;
}

function lambda({ names, body }: Extract<Expression, { kind: "lambda" }>, frame: Frame): Lambda {
  const columns = names.map((name) => ({ name }));
  return (...row) => evaluate(body, { run: frame.run, scope: { columns, row, outer: frame.scope } });
}

/** Calls that do not evaluate all that stands in them. */
function lazily({ name, args }: Call, value: (of: Expression) => Value, rules: SqlRules): Value | undefined {
  const [first, second, third] = args;
  switch (rules.functionName(name)) {
    case "coalesce":
      return args.map(value).find((one) => one !== null) ?? null;
    case "if":
      return value(first!) === true ? value(second!) : third === undefined ? null : value(third);
    case "try":
      try {
        return value(first!);
      } catch (error) {
        if (error instanceof RunError) return rules.tried(error);
        throw error;
      }
    default:
      return undefined;
  }
}

function call(expression: Call, frame: Frame): Value {
  const { run, group, windows } = frame;
  const computed = windows?.get(expression);
  if (computed !== undefined) return computed;
  const name = run.rules.functionName(expression.name);
  const isAggregate = name in run.rules.aggregates && expression.over === undefined;
  if (isAggregate) return aggregate(expression, frame, group ?? []);
  const value = (of: Expression): Value => evaluate(of, frame);
  const lazy = lazily(expression, value, run.rules);
  if (lazy !== undefined) return lazy;
  const known = run.rules.functions[name];
  if (known === undefined || expression.over !== undefined)
    throw new StatementError(
      `${placeOf(run.statement, expression.offset)}: function '${expression.name}' is not supported`,
    );
  return known(expression.args.map(value));
}

/** An aggregate function over the rows of a group. */
function aggregate(expression: Call, frame: Frame, group: readonly Scope[]): Value {
  const { run } = frame;
  const { rules } = run;
  const inRow = (scope: Scope) => ({ scope, run });
  const isTaken = (scope: Scope): boolean =>
    expression.filter === undefined || !rules.filtersAggregates || evaluate(expression.filter, inRow(scope)) === true;
  const [key] = expression.order;
  let rows = group.filter(isTaken).map((scope) => ({
    args: expression.args.map((arg) => evaluate(arg, inRow(scope))),
    key: key === undefined ? null : evaluate(key.of, inRow(scope)),
  }));
  if (key !== undefined) rows = rows.toSorted((a, b) => compare(a.key, b.key, rules) * (key.descending ? -1 : 1));
  if (expression.distinct && rules.distinctAggregates) {
    const seen = new Map(rows.map((row) => [keyOf(row.args), row]));
    rows = [...seen.values()];
  }
  const found = rules.aggregates[expression.name.toLowerCase()]!;
  return found(
    rows.map(({ args }) => args),
    (a, b) => compare(a, b, rules),
  );
}

function binary(expression: Extract<Expression, { kind: "binary" }>, frame: Frame): Value {
  const { rules } = frame.run;
  const { operator } = expression;
  const left = evaluate(expression.left, frame);
  if (operator === "and" && left === false) return false;
  if (operator === "or" && left === true) return true;
  const right = evaluate(expression.right, frame);
  if (operator === "and") return right === false ? false : left === null || right === null ? null : true;
  if (operator === "or") return right === true ? true : left === null || right === null ? null : false;
  if (left === null || right === null)
    return ["=", "<>", "<", "<=", ">", ">="].includes(operator) ? rules.unknown : null;
  switch (operator) {
    case "=":
      return compare(left, right, rules) === 0;
    case "<>":
      return compare(left, right, rules) !== 0;
    case "<":
      return compare(left, right, rules) < 0;
    case "<=":
      return compare(left, right, rules) <= 0;
    case ">":
      return compare(left, right, rules) > 0;
    case ">=":
      return compare(left, right, rules) >= 0;
    case "||":
      return isList(left) && isList(right) ? [...left, ...right] : textOf(left) + textOf(right);
    default:
      return arithmetic(operator, left, right, rules);
  }
}

function truth(value: Value): boolean | null {
  return value === null || typeof value === "boolean" ? value : wrongType("NOT", value);
}
