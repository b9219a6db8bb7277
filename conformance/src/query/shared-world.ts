import { expects } from "../core/unmet.ts";
import { allow, document, type Statement, withPolicy } from "../policy/policy-world.ts";
import { storeActions } from "../policy/store-document-checks.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import type { Identity } from "../wire/identity.ts";
import { ended, patiently, rowsOf, written } from "./ask.ts";
import type { Queried } from "./query-world.ts";
import { sampleCount } from "./sample-events.ts";

/** A statement of few rows over the profile's events. */
export const counting = "SELECT count(*) AS n FROM $STORE WHERE $MINE";

/** Runs while the store's policy allows this principal its queries. @param statements what they have else, or other: one each */
export function shared(
  place: Queried,
  principal: string,
  statements: readonly Statement[],
  run: () => Promise<void>,
): Promise<void> {
  const { world, storeArn } = place;
  const all = { Action: storeActions, Resource: storeArn };
  const text = document(statements.map((changes) => allow(world, principal, { ...all, ...changes })));
  return withPolicy(world, text, run, storeArn);
}

/** StartQuery of {@link counting} by somebody. */
export function startAs(place: Queried, as: Identity | undefined, more: object = {}): Promise<Answer> {
  return patiently(place.world, "StartQuery", { QueryStatement: written(counting, place), ...more }, as);
}

/** Starts {@link counting} as somebody. Answers the query's id; throws `Unmet` where it is refused. */
export async function startedAs(place: Queried, as: Identity, more: object = {}): Promise<string> {
  const { QueryId: id } = succeeded(await startAs(place, as, more));
  expects(typeof id === "string", "QueryId", id);
  return id;
}

/** Throws `Unmet` unless somebody reads the row of their query, when it is at its end. */
export async function readAs({ world }: Queried, as: Identity, queryId: string): Promise<void> {
  const answer = await ended(world, queryId, counting, as);
  expects(answer["QueryStatus"] === "FINISHED", `FINISHED of ${counting}`, answer);
  const rows = rowsOf(answer);
  expects(rows.length === 1 && rows[0]?.[0]?.value === String(sampleCount), `one row, ${sampleCount}`, answer);
}

/** Operations on a query that was started, with the least input. */
export const onQuery = ["DescribeQuery", "GetQueryResults", "CancelQuery"] as const;

/** Throws `Unmet` unless StartQuery is refused. */
export async function shutOut(place: Queried, as: Identity | undefined): Promise<void> {
  const answer = await startAs(place, as);
  const { QueryId } = answer.json ?? {};
  if (answer.status === 200 && typeof QueryId === "string")
    await patiently(place.world, "CancelQuery", { QueryId }, as);
  expects(answer.status !== 200, "StartQuery is refused", answer.text);
  refused(answer);
}
