import { textAt, valueAt } from "@tributary/adapter-kit";

/** Whether a record is an event of the EventBridge bus. */
export function isBusEvent(record: unknown): record is { readonly "detail-type": string } {
  return typeof valueAt(record, "detail-type") === "string" && textAt(record, "detail-type") !== undefined;
}
