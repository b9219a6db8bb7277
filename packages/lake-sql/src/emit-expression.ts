import type { Expression } from "./ast.ts";
import { decimalLiteral } from "./decimal.ts";
import { emitArithmetic } from "./emit-arithmetic.ts";
import { emitCall } from "./emit-call.ts";
import { emitCast, emitTypedLiteral } from "./emit-cast.ts";
import { emitJsonQuery, emitJsonText } from "./emit-json.ts";
import { comparable } from "./emit-comparison.ts";
import type { CommonTables, Emission } from "./emission.ts";
import { subscript } from "./functions/item-access.ts";
import { inZone } from "./functions/time-functions.ts";
import { coerced, sharedType, truth } from "./shared-type.ts";
import { datePart } from "./wall-clock.ts";
import { fieldOf, nullValue, stringValue, type Emitted, type Scope } from "./scope.ts";
import {
  arrayOf,
  bigint,
  boolean,
  isNumber,
  date,
  double,
  interval,
  timestamp,
  timestamptz,
  typeName,
  unknownType,
  type SqlType,
} from "./sql-type.ts";

const answer = (sql: string): Emitted => ({ sql: `(${sql})`, type: boolean });
const parts = new Map([
  ["year", "year"],
  ["quarter", "quarter"],
  ["month", "month"],
  ["week", "week"],
  ["day", "day"],
  ["day_of_month", "day"],
  ["hour", "hour"],
  ["minute", "minute"],
  ["second", "second"],
  ["day_of_week", "isodow"],
  ["dow", "isodow"],
  ["day_of_year", "dayofyear"],
  ["doy", "dayofyear"],
  ["year_of_week", "isoyear"],
  ["yow", "isoyear"],
]);
const noCommons: CommonTables = new Map();

/** DuckDB's form of a Trino expression. */
export function emitExpression(expression: Expression, scope: Scope, emission: Emission): Emitted {
  const emit = (child: Expression): Emitted => emission.expression(child, scope);
  const at = expression.at;
  switch (expression.kind) {
    case "null":
      return nullValue;
    case "boolean":
      return { sql: expression.value ? "true" : "false", type: boolean };
    case "string":
      return stringValue(expression.value);
    case "number":
      if (expression.text.length > 40) emission.fail(at, "a number has at most 40 characters");
      if (expression.form === "integer" && BigInt(expression.text) > 9_223_372_036_854_775_807n)
        emission.fail(at, "a whole number has at most 64 bits; write a decimal with a point");
      return number(expression.form, expression.text);
    case "typed":
      return (
        emitTypedLiteral(expression.type, expression.value) ??
        emission.fail(at, `'${expression.value}' is not a ${expression.type.toLowerCase()}`)
      );
    case "interval":
      return emitInterval(expression);
    case "now":
      if (expression.name === "CURRENT_DATE") return { sql: "CAST(now() AS DATE)", type: date };
      if (expression.name === "CURRENT_TIMESTAMP") return { sql: "now()", type: timestamptz };
      if (expression.name === "LOCALTIMESTAMP") return { sql: "CAST(now() AS TIMESTAMP)", type: timestamp };
      return { sql: "CAST(CAST(now() AS TIMESTAMP) AS TIME)", type: { kind: "time" } };
    case "name": {
      const found = scope.resolve(expression.parts);
      return typeof found === "string" ? emission.fail(at, found) : found;
    }
    case "field": {
      const of = emit(expression.of);
      return (
        fieldOf(of, expression.name.text) ??
        emission.fail(expression.name.at, `column '${expression.name.text}' cannot be resolved in ${typeName(of.type)}`)
      );
    }
    case "subscript": {
      const of = emit(expression.of);
      const index = emit(expression.index);
      if (of.type.kind === "map")
        comparable({ sql: "", type: of.type.key }, { sql: "", type: index.type }, at, emission);
      return subscript(of, index) ?? emission.fail(at, `${typeName(of.type)} cannot be subscripted`);
    }
    case "negate": {
      const of = emit(expression.of);
      if (!isNumber(of.type) && !["unknown", "interval", "months"].includes(of.type.kind))
        emission.fail(at, `'-' takes a number, not ${typeName(of.type)}; cast it first`);
      return { sql: `(-(${of.sql}))`, type: of.type };
    }
    case "binary":
      return emitArithmetic(expression.op, emit(expression.left), emit(expression.right), at, emission);
    case "compare": {
      const rows = rowComparison(expression);
      if (rows !== undefined) return emit(rows);
      const [left, right] = comparable(emit(expression.left), emit(expression.right), at, emission);
      return answer(`${left} ${expression.op} ${right}`);
    }
    case "distinct": {
      const [left, right] = comparable(emit(expression.left), emit(expression.right), at, emission);
      return answer(`${left} IS ${expression.negated ? "NOT " : ""}DISTINCT FROM ${right}`);
    }
    case "between": {
      const of = emit(expression.of);
      const [low, above] = comparable(of, emit(expression.low), at, emission);
      const [high, below] = comparable(of, emit(expression.high), at, emission);
      return answer(`${expression.negated ? "NOT " : ""}(${low} >= ${above} AND ${high} <= ${below})`);
    }
    case "in": {
      const of = emit(expression.of);
      const pairs = expression.list.map((item) => comparable(of, emit(item), item.at, emission));
      const [first] = pairs;
      const operator = expression.negated ? "NOT IN" : "IN";
      if (pairs.every((pair) => pair[0] === first?.[0]))
        return answer(`${first?.[0]} ${operator} (${pairs.map((pair) => pair[1]).join(", ")})`);
      return answer(
        `${expression.negated ? "NOT " : ""}(${pairs.map(([left, right]) => `${left} = ${right}`).join(" OR ")})`,
      );
    }
    case "logic":
      return answer(
        expression.terms.map((term) => truth(emit(term), term.at, expression.op, emission)).join(` ${expression.op} `),
      );
    case "not":
      return answer(`NOT ${truth(emit(expression.of), expression.of.at, "NOT", emission)}`);
    case "isNull":
      return answer(`${emit(expression.of).sql} IS ${expression.negated ? "NOT " : ""}NULL`);
    case "like": {
      const text = (part: Expression): string => {
        const { sql, type } = emit(part);
        if (type.kind !== "varchar" && type.kind !== "unknown")
          emission.fail(part.at, `LIKE takes varchar, not ${typeName(type)}; cast it first`);
        return sql;
      };
      const escape = expression.escape === undefined ? "" : ` ESCAPE ${text(expression.escape)}`;
      return answer(
        `${text(expression.of)} ${expression.negated ? "NOT " : ""}LIKE ${text(expression.pattern)}${escape}`,
      );
    }
    case "inQuery":
      return withRows(expression.of, `${expression.negated ? "NOT " : ""}IN`, expression.query);
    case "compareQuery":
      return withRows(expression.left, `${expression.op} ${expression.quantifier}`, expression.query);
    case "exists":
      return answer(`EXISTS (${subquery(expression.query).sql})`);
    case "query": {
      const query = subquery(expression.query);
      if (query.columns.length !== 1) emission.fail(at, "a query used as a value must have one column");
      return { sql: `(${query.sql})`, type: query.columns[0]?.type ?? unknownType };
    }
    case "case": {
      const of = expression.of === undefined ? undefined : emit(expression.of);
      const whens = expression.whens.map((branch) => {
        const condition = emit(branch.condition);
        return {
          condition:
            of === undefined
              ? truth(condition, branch.condition.at, "WHEN", emission)
              : comparable(of, condition, branch.condition.at, emission).join(" = "),
          result: emit(branch.result),
        };
      });
      const otherwise = expression.otherwise === undefined ? undefined : emit(expression.otherwise);
      const results = [...whens.map(({ result }) => result), ...(otherwise === undefined ? [] : [otherwise])];
      const type = sharedType(
        results.map((result) => result.type),
        at,
        "CASE",
        emission,
      );
      const branches = whens
        .map(({ condition, result }) => `WHEN ${condition} THEN ${coerced(result, type)}`)
        .join(" ");
      return {
        sql: `CASE ${branches}${otherwise === undefined ? "" : ` ELSE ${coerced(otherwise, type)}`} END`,
        type,
      };
    }
    case "cast":
      return emitCast(emit(expression.of), expression.type, expression.safe, (message) => emission.fail(at, message));
    case "extract": {
      const name = parts.get(expression.part) ?? emission.fail(at, `extract of '${expression.part}' is not supported`);
      return { sql: datePart(name, emit(expression.of)), type: bigint };
    }
    case "atTimeZone":
      return inZone(emit(expression.of), emit(expression.zone), (message) =>
        emission.fail(expression.zone.at, message),
      );
    case "array": {
      const items = expression.items.map(emit);
      const type = sharedType(
        items.map((item) => item.type),
        at,
        "ARRAY",
        emission,
      );
      return { sql: `[${items.map((item) => coerced(item, type)).join(", ")}]`, type: arrayOf(type) };
    }
    case "row": {
      const items = expression.items.map(emit);
      return {
        sql: `row(${items.map((item) => item.sql).join(", ")})`,
        type: { kind: "row", fields: items.map((item) => ({ name: "", type: item.type })) },
      };
    }
    case "jsonPath":
      return emitJsonQuery(expression, scope, emission);
    case "jsonObject":
    case "jsonArray":
      return emitJsonText(expression, scope, emission);
    case "lambda":
      return emission.fail(at, "a lambda can only be an argument of a function that takes one");
    case "call":
      return emitCall(expression, scope, emission);
  }
  return emission.fail(at, "this expression is not supported");

  /** A value compared with the rows of a query. */
  function withRows(
    value: Expression,
    operator: string,
    inner: Extract<Expression, { kind: "query" }>["query"],
  ): Emitted {
    const { sql, type } = emit(value);
    const query = subquery(inner);
    const wanted = type.kind === "row" ? type.fields.length : 1;
    if (query.columns.length !== wanted && query.columns.length !== 1)
      emission.fail(
        inner.at,
        `this query must have ${wanted === 1 ? "one column" : `${wanted} columns`}, not ${query.columns.length}`,
      );
    const [column] = query.columns;
    if (type.kind !== "row" && column !== undefined)
      comparable({ sql: "", type }, { sql: "", type: column.type }, at, emission);
    return answer(`${sql} ${operator} (${query.sql})`);
  }

  function subquery(query: Extract<Expression, { kind: "query" }>["query"]): ReturnType<Emission["query"]> {
    return emission.query(query, scope, scopeCommons(scope));
  }
}

const commonsOf = new WeakMap<Scope, CommonTables>();

/** The WITH tables a query inside an expression of this scope sees. */
export function scopeCommons(scope: Scope): CommonTables {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const commons = commonsOf.get(at);
    if (commons !== undefined) return commons;
  }
  return noCommons;
}

export function setScopeCommons(scope: Scope, commons: CommonTables): void {
  commonsOf.set(scope, commons);
}

const integerType = (digits: string): SqlType => (BigInt(digits) <= 2_147_483_647n ? { kind: "integer" } : bigint);

/** Rows that are written out are equal when each of their values is: a null among them makes that unknown. */
function rowComparison({ op, left, right, at }: Extract<Expression, { kind: "compare" }>): Expression | undefined {
  if (left.kind !== "row" || right.kind !== "row" || (op !== "=" && op !== "<>")) return undefined;
  if (left.items.length !== right.items.length) return undefined;
  const terms = left.items.flatMap((item, index): Expression[] => {
    const other = right.items[index];
    return other === undefined ? [] : [{ kind: "compare", at, op, left: item, right: other }];
  });
  return { kind: "logic", at, op: op === "=" ? "AND" : "OR", terms };
}

function emitInterval({ ofMonths, months, millis }: Extract<Expression, { kind: "interval" }>): Emitted {
  if (ofMonths) return { sql: `to_months(${months})`, type: { kind: "months" } };
  const days = millis / 86_400_000;
  return { sql: Number.isInteger(days) ? `to_days(${days})` : `to_milliseconds(${millis})`, type: interval };
}

function number(form: "integer" | "decimal" | "double", text: string): Emitted {
  if (form === "integer") return { sql: text, type: integerType(text) };
  if (form === "double") return { sql: text, type: double };
  const type = decimalLiteral(text);
  return { sql: `CAST('${text}' AS DECIMAL(${type.precision}, ${type.scale}))`, type };
}
