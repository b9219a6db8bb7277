import { aggregates } from "./aggregates.ts";
import { functions } from "./functions.ts";
import type { Table } from "./table.ts";
import { readTime } from "./read-time.ts";
import type { Expression } from "./syntax.ts";
import { RunError, StatementError, textOf, type Value } from "./value.ts";

/** Decisions about what a statement means. A mutant changes one of them. */
export const sqlRules = {
  functions,
  aggregates,
  functionName: (name: string): string => name.toLowerCase(),
  /** A table that is no event data store's. */
  otherTable: (_name: string): Table | undefined => undefined,
  /** What a column that there is not is. */
  unresolved: (name: string): Value => {
    throw new StatementError(`column '${name}' cannot be resolved`);
  },
  /** The order of two values of types that have none. */
  mismatch: (a: string, b: string): number => {
    throw new StatementError(`${a} and ${b} cannot be compared`);
  },
  /** Of what has the alias. */
  qualifier: (alias: string | undefined): string | undefined => alias,
  sameName: (name: string, other: string): boolean =>
    name.length === other.length && name.toLowerCase() === other.toLowerCase(),
  /** Of a column that a SELECT has. @param at its place, from 0 */
  columnName: (of: Expression, alias: string | undefined, at: number): string =>
    alias ?? (of.kind === "name" ? of.parts.at(-1)! : `_col${at}`),
  /** ms since 1970 of a text that a time is compared with. */
  readTime: (text: string): number | undefined => readTime(text),
  /** By code points. */
  compareTexts: (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b)),
  /** What a comparison with NULL says. */
  unknown: null as boolean | null,
  not: (value: boolean | null): boolean | null => (value === null ? null : !value),
  /** `x IN (...)` that finds nothing, with a NULL among the items. */
  inWithNull: null as boolean | null,
  likePattern: (pattern: string, escape: string): RegExp => likePattern(pattern, escape),
  /** `map[key]` for a key that is not there. */
  absentKey: (key: Value): Value => {
    throw new RunError(`Key not present in map: ${textOf(key)}`);
  },
  /** `map[key]` for one that is. */
  presentKey: (value: Value): Value => value,
  /** What try makes of a failure. */
  tried: (_error: RunError): Value => null,
  divide: (a: bigint, b: bigint): Value => {
    if (b === 0n) throw new RunError("Division by zero");
    return a / b;
  },
  remainder: (a: bigint, b: bigint): Value => {
    if (b === 0n) throw new RunError("Division by zero");
    return a % b;
  },
  nullsFirst: (_descending: boolean): boolean => false,
  sorts: true,
  /** Of aliases and places, in ORDER BY and GROUP BY. */
  takesPlaces: true,
  takesAliases: true,
  limit: (rows: number): number => rows,
  distinct: true,
  filtersGroups: true,
  filtersAggregates: true,
  distinctAggregates: true,
  /** NULL is a group of its own. */
  groupsNulls: true,
  /** An aggregate over no row has a row. */
  aggregatesNothing: true,
  unionAllKeeps: true,
  unionKeeps: false,
  /** Which rows EXCEPT and INTERSECT keep, of those whose right side is known. */
  setKeeps: (kind: "except" | "intersect", isRight: boolean): boolean => isRight === (kind === "intersect"),
  leftJoinKeeps: true,
  /** Whether JOIN keeps a pair of which ON says this. */
  joins: (on: Value): boolean => on === true,
  /** Pairs of a row with the rows of a table, without ON. */
  crossed: (rows: number): number => rows,
  inQuery: (values: readonly Value[]): readonly Value[] => values,
  exists: (rows: number): boolean => rows > 0,
  /** Columns of a query in FROM. */
  derived: (name: string, _at: number): string => name,
  /** WITH sees what stands before it. */
  seesEarlier: true,
  entries: (entry: readonly Value[]): readonly Value[] => entry,
  items: (list: readonly Value[]): readonly Value[] => list,
  /** Rows of a sub-query see the row around it. */
  correlates: true,
  scalarOfMany: (): Value => {
    throw new RunError("Scalar sub-query has returned multiple rows");
  },
};

export type SqlRules = typeof sqlRules;

function likePattern(pattern: string, escape: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at]!;
    const isEscaped = escape !== "" && char === escape;
    if (isEscaped) at++;
    if (!isEscaped && char === "%") source += ".*";
    else if (!isEscaped && char === "_") source += ".";
    else source += pattern[at]!.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  }
  return new RegExp(`^${source}$`, "s");
}
