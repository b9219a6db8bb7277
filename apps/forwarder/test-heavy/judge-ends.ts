import type { IssuedRecord } from "./issued-records.ts";
import type { OracleLake } from "./oracle-lake.ts";

/** What `tributary status --json` says of one destination of an integration. */
export interface CountedEnds {
  readonly destination: string;
  readonly counts: Readonly<
    Record<"read" | "delivered" | "already" | "changed" | "dead" | "dropped" | "queued", number>
  >;
}

/** The events that a lake must hold: text by id. */
export function deliveredOf(records: readonly IssuedRecord[]): ReadonlyMap<string, string> {
  return new Map(
    records.flatMap(({ end, event }) => (end === "delivered" && event ? [[event.id, event.eventData]] : [])),
  );
}

/** Holds what a lake has against what was issued. Answers what is wrong. */
export function judgePayloads(records: readonly IssuedRecord[], stored: OracleLake["stored"]): readonly string[] {
  const wanted = deliveredOf(records);
  const wrong = { lost: 0, twice: 0, "other bytes": 0, invented: 0 };
  for (const [id, eventData] of wanted) {
    const texts = stored.get(id);
    if (texts === undefined) wrong.lost++;
    // The lake keeps one row of equal bytes, however often they come.
    else if (texts.size > 1) wrong.twice++;
    else if (!texts.has(eventData)) wrong["other bytes"]++;
  }
  for (const id of stored.keys()) if (!wanted.has(id)) wrong.invented++;
  return Object.entries(wrong).flatMap(([what, count]) => (count > 0 ? [`${what}: ${count}`] : []));
}

/** Every record has one end in the state: a record that two forwarders had written would have two. Answers what is wrong. */
export function judgeEnds(records: readonly IssuedRecord[], reports: readonly CountedEnds[]): readonly string[] {
  const issued = (...ends: readonly string[]) => records.filter(({ end }) => ends.includes(end)).length;
  const expected: CountedEnds["counts"] = {
    read: records.length,
    delivered: issued("delivered"),
    already: 0,
    changed: 0,
    dead: issued("dead", "refused"),
    dropped: issued("dropped"),
    queued: 0,
  };
  return (Object.keys(expected) as (keyof typeof expected)[]).flatMap((end) => {
    const found = reports.reduce((total, { counts }) => total + counts[end], 0);
    return found === expected[end] ? [] : [`${end}: ${found}, not ${expected[end]}`];
  });
}
