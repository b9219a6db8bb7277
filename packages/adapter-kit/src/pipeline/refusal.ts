import type { Result } from "../contract/result.ts";
import { Refused } from "../refused.ts";

/** What was thrown as a result. Never throws itself, whatever was thrown. */
export function refusal(error: unknown, part: number): Result {
  if (error instanceof Refused)
    return { kind: "refused", part, code: error.code, path: error.path, message: error.message };
  let detail = "it threw something that cannot be shown";
  try {
    detail = error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
  } catch {
    // The thrown value's own getters throw.
  }
  return {
    kind: "refused",
    part,
    code: "ADAPTER_FAULT",
    path: "",
    message: `The adapter failed on this record: ${detail.slice(0, 500)}`,
  };
}
