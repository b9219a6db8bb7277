import { aggregates } from "./aggregates.ts";
import { functions } from "./functions.ts";
import { readTime } from "./read-time.ts";
import type { Expression } from "./syntax.ts";
import { RunError, textOf, type Value } from "./value.ts";

/** Decisions about what a statement means. A mutant changes one of them. */
export const sqlRules = {
  functions,
  aggregates,
  sameName: (name: string, other: string): boolean => name.toLowerCase() === other.toLowerCase(),
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
  /** Rows of a sub-query see the row around it. */
  correlates: true,
  scalarOfMany: (): Value => {
    throw new RunError("Scalar sub-query has returned multiple rows");
  },
  reads: (value: Value): Value => value,
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
