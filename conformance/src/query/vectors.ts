import { Unmet } from "../core/unmet.ts";
import { ask, type Outcome, type Place, run } from "./ask.ts";

/** An expression, and what it is as a row prints it; null for NULL. */
export type Vector = readonly [expression: string, value: string | null];

/** A row that stands for any: its columns are there, and of whose event they are does not matter. */
const anyRow = "FROM $STORE WHERE $MINE LIMIT 1";

/**
 * Throws `Unmet` unless each expression has its value. They are asked in one statement; where that does not answer, one by one, so that
 * the one that it does not answer is told.
 */
export async function haveValues(place: Place, vectors: readonly Vector[], from = anyRow): Promise<void> {
  const columns = vectors.map(([expression], at) => `${expression} AS v${at}`).join(", ");
  const outcome = await run(place, `SELECT ${columns} ${from}`).catch((error: unknown) => {
    if (error instanceof Unmet) return undefined;
    throw error;
  });
  if (outcome?.status === "FINISHED") judge(outcome, vectors);
  else for (const vector of vectors) judge(await ask(place, `SELECT ${vector[0]} AS v0 ${from}`), [vector]);
}

function judge({ rows, statement }: Outcome, vectors: readonly Vector[]): void {
  for (const [at, [expression, value]] of vectors.entries()) {
    const got = rows[0]?.[at]?.value;
    if ((got ?? "") === (value ?? "") && rows.length > 0) continue;
    throw new Unmet(
      `${expression} is ${told(value)}`,
      `${got === undefined ? "no value" : told(got)}, of ${statement}`,
    );
  }
}

const told = (value: string | null): string => (value === null ? "NULL" : JSON.stringify(value));

/** Throws `Unmet` unless a statement is refused, or fails with an ErrorMessage: it must come to no rows. */
export async function comesToNothing(place: Place, about: string, statement: string): Promise<void> {
  const outcome = await run(place, statement).catch((error: unknown) => {
    if (error instanceof Unmet) return undefined;
    throw error;
  });
  if (outcome === undefined) return;
  const { status, rows, errorMessage = "" } = outcome;
  if (status === "FAILED" && rows.length === 0 && errorMessage !== "") return;
  throw new Unmet(
    `${about} refused, or FAILED with an ErrorMessage and no row: ${outcome.statement}`,
    `${status}, ErrorMessage ${JSON.stringify(errorMessage)}, ${JSON.stringify(rows.slice(0, 3))}`,
  );
}
