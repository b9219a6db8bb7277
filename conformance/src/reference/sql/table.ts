import type { Value } from "./value.ts";

/** A column, and the table that it is of. */
export interface Column {
  readonly name: string;
  readonly of?: string | undefined;
}

/** Rows with their columns. */
export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
}
