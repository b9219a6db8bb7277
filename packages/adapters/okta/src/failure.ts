import { textAt } from "@tributary/adapter-kit";

/** Results that are failures; CHALLENGE, ALLOW, SKIPPED, DEFERRED, SCHEDULED and UNKNOWN are none. */
const failures: ReadonlySet<string> = new Set(["FAILURE", "DENY", "RATE_LIMIT", "ABANDONED", "UNANSWERED"]);

/** errorCode and errorMessage of a record whose outcome is a failure: its result and, where there is one, its reason. */
export function failure(record: unknown): { readonly errorCode?: string; readonly errorMessage?: string | undefined } {
  const result = textAt(record, "outcome", "result");
  return result !== undefined && failures.has(result)
    ? { errorCode: result, errorMessage: textAt(record, "outcome", "reason") }
    : {};
}
