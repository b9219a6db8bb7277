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

/** Throws `Unmet` unless the rows are these, in this order. */
export function sameRows(outcome: Outcome, wanted: readonly Wanted[]): void {
  compare(outcome, wanted, outcome.rows.map(valuesOf), "in this order");
}

/** Throws `Unmet` unless the rows are these, in any order. */
export function sameRowsInAnyOrder(outcome: Outcome, wanted: readonly Wanted[]): void {
  compare(outcome, sorted(wanted), sorted(outcome.rows.map(valuesOf)), "in any order");
}

function compare({ statement }: Outcome, wanted: readonly Wanted[], got: readonly Wanted[], how: string): void {
  const length = Math.max(wanted.length, got.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => textOf(wanted[index]) !== textOf(got[index]));
  if (at === undefined) return;
  throw new Unmet(
    `${rowsText(wanted)} ${how}, of ${statement}`,
    `${rowsText(got)}; row ${at + 1} is ${JSON.stringify(got[at]) ?? "missing"} instead of ${JSON.stringify(wanted[at]) ?? "none"}`,
  );
}

const textOf = (row: Wanted | undefined): string | undefined => row && JSON.stringify(row.map((value) => value ?? ""));
const sorted = (rows: readonly Wanted[]): readonly Wanted[] =>
  rows.toSorted((a, b) => (String(textOf(a)) < String(textOf(b)) ? -1 : 1));

/** Rows as one line. */
export function rowsText(rows: readonly Wanted[]): string {
  const text = JSON.stringify(rows);
  const cut = text.length > 1000 ? `${text.slice(0, 1000)}...` : text;
  return `${rows.length} ${rows.length === 1 ? "row" : "rows"} ${cut}`;
}
