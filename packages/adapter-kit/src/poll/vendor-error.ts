import { TributaryError } from "@tributary/schema";

/**
 * Thrown by pollers when a vendor's API does not answer as it should. The message names the vendor's host and what to do;
 * no URL parameter, header or body of a request stands in it, since those may hold secrets.
 *
 * - `VENDOR_REFUSED`: the credentials or the request were refused. Not retryable: the configuration must change.
 * - `VENDOR_UNAVAILABLE`: no answer, or "not now" too often. Retryable.
 * - `VENDOR_ANSWER_INVALID`: an answer that is cut, not JSON, or lacks what the API promises. Retryable.
 * - `VENDOR_LINK_ELSEWHERE`: an answer points to another origin than the vendor's. Not retryable.
 */
export class VendorError extends TributaryError {
  constructor(code: VendorErrorCode, message: string, cause?: unknown) {
    super(message, { code, retryable: retryable[code], cause });
  }
}

export type VendorErrorCode =
  | "VENDOR_REFUSED"
  | "VENDOR_UNAVAILABLE"
  | "VENDOR_ANSWER_INVALID"
  | "VENDOR_LINK_ELSEWHERE";

const retryable: Readonly<Record<VendorErrorCode, boolean>> = {
  VENDOR_REFUSED: false,
  VENDOR_UNAVAILABLE: true,
  VENDOR_ANSWER_INVALID: true,
  VENDOR_LINK_ELSEWHERE: false,
};
