import { textAt, valueAt } from "@tributary/adapter-kit";

/** Whether a record is a row of the audit log: its details are a text. */
export function isAuditRow(record: unknown): record is { readonly details: string } {
  return typeof valueAt(record, "details") === "string" && textAt(record, "details") !== undefined;
}
