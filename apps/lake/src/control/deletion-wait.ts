import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";

/** How long a deleted store can be restored, in ms. Spec 2.4. */
export const deletionWaitMs = 7 * 86_400_000;

/** Whether a deleted store's wait is over by the clock. One without the time of its deletion waits from its last change. */
export function isPurgeDue(
  { status, deletedAt, updatedAt }: Pick<EventDataStoreRecord, "status" | "deletedAt" | "updatedAt">,
  now: number,
): boolean {
  return status === "PENDING_DELETION" && now - (deletedAt ?? updatedAt) >= deletionWaitMs;
}
