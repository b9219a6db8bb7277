import { Unmet } from "../core/unmet.ts";
import { ask, run } from "./ask.ts";
import { type Cells, sameRowsInAnyOrder } from "./cells.ts";
import { ofEvent, type Queried, type Stored } from "./query-world.ts";

/** A condition of WHERE, and whether it holds of an event. */
export type Found = readonly [condition: string, holds: (sample: Stored) => boolean];

/**
 * Throws `Unmet` unless each condition finds the events of which it holds. They are asked in one statement, a SELECT for each; what does
 * not answer as it should is asked once more by itself, and judged by that.
 */
export async function findsEach(place: Queried, conditions: readonly Found[]): Promise<void> {
  const parts = conditions.map(
    ([condition], at) => `SELECT ${at} AS n, eventData.UID FROM $STORE WHERE $MINE AND ${condition}`,
  );
  const together = conditions.length === 1 ? undefined : await rowsOf(place, parts.join(" UNION ALL "));
  for (const [at, [condition, holds]] of conditions.entries()) {
    const wanted = place.samples.filter(holds).map(({ event }) => event.UID);
    const got = together?.filter(([n]) => n?.value === String(at)).map(([, uid]) => uid?.value ?? "");
    if (got !== undefined && String(got.toSorted()) === String(wanted.toSorted())) continue;
    sameRowsInAnyOrder(
      await ask(place, `SELECT eventData.UID FROM $STORE WHERE $MINE AND ${condition}`),
      wanted.map((uid) => [uid]),
      ofEvent(place),
    );
  }
}

async function rowsOf(place: Queried, statement: string): Promise<readonly Cells[] | undefined> {
  try {
    return (await run(place, statement)).rows;
  } catch (error) {
    if (error instanceof Unmet) return undefined;
    throw error;
  }
}
