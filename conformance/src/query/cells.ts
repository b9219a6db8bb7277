import { isMembers } from "../core/members.ts";
import { Unmet } from "../core/unmet.ts";
import type { Outcome } from "./ask.ts";

/** A value of a row and the name of its column; null for NULL, which is an empty text, too. */
export interface Cell {
  readonly name: string;
  readonly value: string | null;
}
export type Cells = readonly Cell[];
/** What a row should have, in its columns' order. */
export type Wanted = readonly (string | null)[];

/** The cells of a row, whatever its shape: row-checks.ts are strict about that, the others ask what it means. */
export function cellsOf(row: unknown): Cells {
  const columns: readonly unknown[] = Array.isArray(row) ? row : [row];
  return columns.flatMap((column) => (isMembers(column) ? Object.entries(column).map(cellOf) : [cellOf(["", column])]));
}

const cellOf = ([name, value]: readonly [string, unknown]): Cell => ({
  name,
  value: value === null || value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value),
});

/** The values alone. */
export const valuesOf = (cells: Cells): Wanted => cells.map(({ value }) => value);

/** What there is to say of a row, for instance the event that it is of. */
export type Explain = (row: Wanted) => string;
const nothing: Explain = () => "";

/** Throws `Unmet` unless the rows are these, in this order. */
export function sameRows({ statement, rows }: Outcome, wanted: readonly Wanted[], explain = nothing): void {
  const got = rows.map(valuesOf);
  const length = Math.max(wanted.length, got.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => textOf(wanted[index]) !== textOf(got[index]));
  if (at === undefined) return;
  const [is, should] = [got[at], wanted[at]];
  throw new Unmet(
    `${rowsText(wanted)} in this order, of ${statement}`,
    `${rowsText(got)}; row ${at + 1} is ${textOf(is) ?? "missing"} instead of ${textOf(should) ?? "none"}${explain(is ?? should ?? [])}`,
  );
}

/** Throws `Unmet` unless the rows are these, in any order. */
export function sameRowsInAnyOrder({ statement, rows }: Outcome, wanted: readonly Wanted[], explain = nothing): void {
  const got = rows.map(valuesOf);
  const [missing, more] = [without(wanted, got), without(got, wanted)];
  const [first = more[0]] = missing;
  if (first === undefined) return;
  throw new Unmet(
    `${rowsText(wanted)} in any order, of ${statement}`,
    `${rowsText(got)}; missing: ${rowsText(missing)}; too many: ${rowsText(more)}${explain(first)}`,
  );
}

/** Rows of a list that are not in another, each as often as it is more often there. */
function without(rows: readonly Wanted[], others: readonly Wanted[]): readonly Wanted[] {
  const left = new Map<string | undefined, number>();
  for (const row of others) left.set(textOf(row), (left.get(textOf(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const count = left.get(textOf(row)) ?? 0;
    left.set(textOf(row), count - 1);
    return count <= 0;
  });
}

const textOf = (row: Wanted | undefined): string | undefined => row && JSON.stringify(row.map((value) => value ?? ""));
/** Rows as one line. */
export function rowsText(rows: readonly Wanted[]): string {
  const text = JSON.stringify(rows);
  const cut = text.length > 1000 ? `${text.slice(0, 1000)}...` : text;
  return `${rows.length} ${rows.length === 1 ? "row" : "rows"} ${cut}`;
}
