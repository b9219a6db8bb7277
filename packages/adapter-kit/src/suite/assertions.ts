import assert from "node:assert/strict";
import { checkAuditEvent } from "@tributary/schema";
import type { Json } from "../contract/json.ts";
import type { Result } from "../contract/result.ts";
import { parseJson } from "../own-property.ts";
import type { Leaf } from "./leaves.ts";
import type { ShownEvent } from "./lost-leaves.ts";

/** The event of a result with its text parsed; undefined for what is no event. */
export function shown(result: Result | undefined): ShownEvent | undefined {
  return result?.kind === "event" ? { event: parseJson(result.eventData), marks: result.marks } : undefined;
}

/** Fails unless the sender profile of the schema accepts the event. */
export function assertValid(
  { eventData }: { readonly eventData: string },
  accountId: string,
  receivedAt: string,
): void {
  assert.deepEqual(
    checkAuditEvent({ eventData }, { profile: "sender", accountId, now: Date.parse(receivedAt) }).problems,
    [],
  );
}

/** Fails with the leaves that are lost. */
export function assertNothingLost(lost: readonly Leaf[], record: Json): void {
  const shownRecord = JSON.stringify(record).slice(0, 4000);
  assert.deepEqual(
    lost.map(({ path, value }) => `/${path.join("/")} = ${JSON.stringify(value)}`),
    [],
    `these leaves are nowhere in the event of ${shownRecord}`,
  );
}

/** The code of a refused result. */
export const codeOf = (result: Result) => (result.kind === "refused" ? result.code : undefined);
/** The id of an event. */
export const idOf = (result: Result | undefined) => (result?.kind === "event" ? result.id : undefined);
/** Whether a result is one of the contract's. */
export const isResult = (result: Result) => ["event", "dropped", "refused"].includes(result.kind);
