import { codePoints } from "@tributary/schema";
import { Emission, type TableRef } from "./emission.ts";
import { emitExpression } from "./emit-expression.ts";
import { emitQuery } from "./emit-query.ts";
import { LakeSqlError } from "./lake-sql-error.ts";
import { parseStatement } from "./parse-query.ts";
import { ipText } from "./functions/ip-functions.ts";
import type { ScopeColumn } from "./scope.ts";
import { wallClock } from "./wall-clock.ts";
import { duckdbType, type SqlType } from "./sql-type.ts";

export interface CompiledQuery {
  /** The stores the statement reads, each once, in the order of first mention. */
  readonly storeIds: readonly string[];
  /** One DuckDB SELECT over the tables that `resolve` named. */
  readonly sql: string;
  /** The result's columns by position, named as AWS prints them: the last identifier as written, `_col0` without one. Names may repeat. */
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
  /** Bounds on eventTime in ms since 1970, for stores that are only read within them; both ends included. */
  readonly timeBounds: ReadonlyMap<string, { readonly notBefore?: number; readonly notAfter?: number }>;
}

/** Characters (code points) of a statement: 1 to this many. */
export const maxStatementLength = 10_000;

/**
 * Compiles one Lake SQL statement. Pure. `resolve` answers the table of a store the caller may query, by its lower-case id;
 * undefined for one that does not exist or that it may not see.
 *
 * The emitted SQL is built from the parsed statement alone: every identifier in it is a generated name or a column of
 * `resolve`'s, every function one of `supportedFunctions`.
 *
 * @throws LakeSqlError INVALID_QUERY_STATEMENT, EVENT_DATA_STORE_NOT_FOUND
 */
export function compileQuery(
  statement: string,
  options: { readonly resolve: (storeId: string) => TableRef | undefined },
): CompiledQuery {
  if (statement.length > 2 * maxStatementLength || codePoints(statement) > maxStatementLength || statement.length === 0)
    throw new LakeSqlError(`A statement has 1 to ${maxStatementLength} characters.`, {
      code: "INVALID_QUERY_STATEMENT",
    });
  const emission = new Emission(statement, options.resolve, { expression: emitExpression, query: emitQuery });
  const { sql: inner, columns } = emission.query(parseStatement(statement), undefined, new Map());
  const sql = printable(inner, columns);
  const storeIds = [...new Set(emission.uses.map((use) => use.storeId))];
  const timeBounds = new Map<string, { notBefore?: number; notAfter?: number }>();
  for (const storeId of storeIds) {
    const uses = emission.uses.filter((use) => use.storeId === storeId);
    const bounds: { notBefore?: number; notAfter?: number } = {};
    const lows = uses.map((use) => use.notBefore ?? -Infinity);
    const highs = uses.map((use) => use.notAfter ?? Infinity);
    const [low, high] = [Math.min(...lows), Math.max(...highs)];
    if (low !== -Infinity) bounds.notBefore = low;
    if (high !== Infinity) bounds.notAfter = high;
    timeBounds.set(storeId, bounds);
  }
  return {
    storeIds,
    sql,
    columns: columns.map((column, index) => ({ name: column.label ?? `_col${index}`, type: column.type })),
    timeBounds,
  };
}

/** The query with each value in the form that is printed: a time by the clock of its zone, an address as text, a row's fields named by place where they have no name. */
function printable(sql: string, columns: readonly ScopeColumn[]): string {
  const shown = columns.map(({ type }, index) => {
    const name = `"c${index}"`;
    if (type.kind === "timestamptz" && type.zone !== undefined) return `${wallClock({ sql: name, type })} AS ${name}`;
    if (type.kind === "ipaddress") return `${ipText(name)} AS ${name}`;
    return hasUnnamedField(type) ? `CAST(${name} AS ${duckdbType(type)}) AS ${name}` : name;
  });
  if (shown.every((text, index) => text === `"c${index}"`)) return sql;
  return `SELECT ${shown.join(", ")} FROM (${sql}) AS "o0"`;
}

function hasUnnamedField(type: SqlType): boolean {
  if (type.kind === "array") return hasUnnamedField(type.element);
  if (type.kind === "map") return hasUnnamedField(type.key) || hasUnnamedField(type.value);
  return type.kind === "row" && type.fields.some((field) => field.name === "" || hasUnnamedField(field.type));
}
