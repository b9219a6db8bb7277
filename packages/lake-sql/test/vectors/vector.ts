/** The value of an expression that fails the query, or is refused. */
export const fails = Symbol("fails");

/**
 * What stands behind SELECT, and what it answers as a query result prints it: one value, null for NULL; several values or
 * rows as JSON. Every value is Trino's: test-heavy asks a real one.
 */
export type Vector = readonly [expression: string, value: string | null | typeof fails];
