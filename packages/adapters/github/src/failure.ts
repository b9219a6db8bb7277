import { text, truncate, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * The audit log has no outcome: an API request failed by its status, a push by the action that rejects it, a few others
 * by their names (`user.failed_login`, `*_failed`).
 */
export function failure(
  action: string,
  status: string | undefined,
  record: unknown,
): { errorCode?: string; errorMessage?: string } {
  if (status !== undefined && Number(status) >= 400) return { errorCode: status };
  if (action.endsWith("rejected_ref_update")) {
    const reasons = valueAt(record, "reasons");
    const messages = Array.isArray(reasons)
      ? (reasons as readonly Json[]).flatMap((reason) => text(valueAt(reason, "message")) ?? [])
      : [];
    return messages.length === 0
      ? { errorCode: "Rejected" }
      : { errorCode: "Rejected", errorMessage: truncate(messages.join("; "), 256) };
  }
  return /[._]failed(?:_|$)/.test(action) ? { errorCode: "Failed" } : {};
}
