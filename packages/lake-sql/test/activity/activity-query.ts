/** A question about activity events, its statement, and what it answers over the stores of events.ts. */
export interface ActivityQuery {
  readonly name: string;
  /** `$SIGN_IN` and `$CODE` stand for the stores' ids. */
  readonly statement: string;
  /** The same for Trino, where Lake SQL takes what Trino does not. */
  readonly trino?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

type Cells = readonly (readonly (string | null)[])[];

/** Rows with the members of every JSON cell sorted: a map has no order. */
export const sameCells = (rows: Cells): Cells =>
  rows.map((row) =>
    row.map((cell) => (cell !== null && /^[[{]/.test(cell) ? JSON.stringify(sorted(JSON.parse(cell))) : cell)),
  );

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  );
}
