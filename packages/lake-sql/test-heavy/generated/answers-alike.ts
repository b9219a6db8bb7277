import { sameCells } from "../../test/activity/activity-query.ts";
import type { TrinoAnswer } from "../trino.ts";

/** What Trino says of statements that it cannot run for reasons of its own. */
const itsOwn =
  /^(?:Compiler failed|SignatureBinder|line \d+:\d+: (?:Given correlated subquery is not supported|Could not choose a best candidate))/;
/** What no client may be told: our emitter made what the engine does not take. */
const faults = /Binder Error|Catalog Error|Parser Error|INTERNAL|TypeError/;

/** Whether two answers say the same: the same rows in any order, doubles to their last digits, or a failure of both. */
export function answersAlike(trino: TrinoAnswer, ours: TrinoAnswer): boolean {
  if ("error" in ours && faults.test(ours.error)) return false;
  if ("error" in trino) return "error" in ours || itsOwn.test(trino.error);
  if ("error" in ours || trino.rows.length !== ours.rows.length) return false;
  const [theirs, own] = [inOrder(trino.rows), inOrder(ours.rows)];
  return theirs.every((row, at) =>
    row.every((cell, column) => {
      const other = own[at]?.[column] ?? null;
      return cell === other || (trino.types[column] === "double" && near(cell, other));
    }),
  );
}

const inOrder = (rows: readonly (readonly (string | null)[])[]): (readonly (string | null)[])[] =>
  sameCells(rows).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const near = (a: string | null, b: string | null): boolean =>
  a !== null && b !== null && Math.abs(Number(a) - Number(b)) <= 1e-12 * Math.abs(Number(a));
