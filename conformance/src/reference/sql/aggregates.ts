import type { Value } from "./value.ts";

/** An aggregate function: the arguments of each row, and the order of values. */
export type Aggregate = (rows: readonly (readonly Value[])[], compare: (a: Value, b: Value) => number) => Value;

const known = (rows: readonly (readonly Value[])[]): readonly Value[] =>
  rows.map(([first = null]) => first).filter((value) => value !== null);

function most(values: readonly Value[], compare: (a: Value, b: Value) => number): Value {
  return values.reduce<Value>((best, one) => (best === null || compare(one, best) > 0 ? one : best), null);
}

/** The value of the row whose second argument is the highest. */
const by =
  (sign: 1 | -1): Aggregate =>
  (rows, compare) =>
    rows.reduce<readonly Value[]>(
      (best, row) => (best.length === 0 || compare(row[1] ?? null, best[1] ?? null) * sign > 0 ? row : best),
      [],
    )[0] ?? null;

const sum = (values: readonly Value[]): Value =>
  values.reduce<bigint | number | null>((total, one) => {
    if (typeof one === "bigint" && (total === null || typeof total === "bigint")) return (total ?? 0n) + one;
    return Number(total ?? 0) + Number(one);
  }, null);

/** Aggregate functions. None but count(*) looks at NULL. */
export const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (rows) => BigInt(rows.filter((args) => args.length === 0 || args[0] !== null).length),
  count_if: (rows) => BigInt(rows.filter(([first]) => first === true).length),
  sum: (rows) => sum(known(rows)),
  avg: (rows) => {
    const values = known(rows);
    return values.length === 0 ? null : Number(sum(values)) / values.length;
  },
  max: (rows, compare) => most(known(rows), compare),
  min: (rows, compare) => most(known(rows), (a, b) => -compare(a, b)),
  max_by: by(1),
  min_by: by(-1),
  array_agg: (rows) => rows.map(([first = null]) => first),
  bool_or: (rows) => known(rows).includes(true),
  bool_and: (rows) => !known(rows).includes(false),
};
