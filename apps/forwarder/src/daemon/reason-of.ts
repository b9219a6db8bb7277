import { TributaryError } from "@tributary/schema";
import type { Reason } from "./parking.ts";

/** An error as a status shows it. */
export function reasonOf(error: unknown): Reason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: error instanceof TributaryError ? error.code : "POLL_FAULT", message };
}
