import type { JsonObject } from "../contract/json.ts";
import type { Taking } from "./taking.ts";
import { textAt } from "./text.ts";

/**
 * additionalEventData of a record that has eventData's own form: the record's own with every member that has no other place. Where both name a key, or
 * the record's own is empty, its own stands under `additionalEventData`: neither hides the other. Call it last.
 */
export function remaining(record: unknown, take: Taking, accountId: string): JsonObject | undefined {
  // Another account than the channel's is a fact of the record, and stays.
  if (textAt(record, "recipientAccountId") === accountId) take.text("recipientAccountId");
  const own = take.object("additionalEventData");
  const rest = take.rest();
  if (own === undefined || rest === undefined) return own ?? rest;
  const keys = Object.keys(own);
  const merge = keys.length > 0 && !keys.some((key) => Object.hasOwn(rest, key));
  return merge ? { ...own, ...rest } : { additionalEventData: own, ...rest };
}
