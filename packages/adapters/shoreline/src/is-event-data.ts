import { textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Whether a record is eventData: it names an event as CloudTrail does. */
export function isEventData(record: unknown): record is Json & { readonly eventName: string } {
  return typeof valueAt(record, "eventName") === "string" && textAt(record, "eventName") !== undefined;
}
