import { TributaryError } from "@tributary/schema";

/** `STATE_DISK_FULL`: new records are refused for want of room, and nothing else is wrong. */
export function diskFull(cause?: unknown): TributaryError {
  return new TributaryError(
    "The disk of the state is full: no new records are taken, what is queued is sent. Make room, and it goes on.",
    { code: "STATE_DISK_FULL", retryable: true, ...(cause !== undefined && { cause }) },
  );
}

export const isDiskFull = (error: unknown): boolean =>
  error instanceof TributaryError && error.code === "STATE_DISK_FULL";
