import { TributaryError } from "@tributary/schema";
import { WireError } from "../http/wire-error.ts";
import { messageOf } from "../message-of.ts";
import type { CarriedError } from "./worker-message.ts";

/** What another process needs to know of an error; the stack stays here. */
export function carriedError(error: unknown): CarriedError {
  if (!(error instanceof TributaryError)) return { code: "", message: messageOf(error), retryable: false };
  const { code, message, retryable } = error;
  return {
    code,
    message,
    retryable,
    ...(error instanceof WireError && { status: error.status, retryAfter: error.retryAfter }),
  };
}

export function errorOf({ code, message, retryable, status, retryAfter }: CarriedError): Error {
  if (status !== undefined)
    return new WireError(code, message, { status, ...(retryAfter !== undefined && { retryAfter }) });
  return code === "" ? new Error(message) : new TributaryError(message, { code, retryable });
}
