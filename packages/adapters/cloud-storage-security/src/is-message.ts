import { textAt, valueAt } from "@tributary/adapter-kit";
import type { JsonObject } from "@tributary/adapter-kit";

/** Whether a record is a message of SNS: a notification, or one that confirms a subscription or its end. */
export function isMessage(record: unknown): record is JsonObject {
  return textAt(record, "Type") !== undefined && valueAt(record, "Message") !== undefined;
}
