import type { LakeResponse } from "./lake-request.ts";
import type { WireError } from "./wire-error.ts";

/** How a service's answers and errors are written. */
export interface Protocol {
  readonly mediaType: string;
  /** SigV4 service name that a signature must be scoped to. */
  readonly signingName: string;
  error(error: WireError, requestId: string): LakeResponse;
  success(output: unknown, requestId: string): LakeResponse;
}

/** The data plane. The member is `message`; the shape name is in the header and in the body. Spec 1.4. */
export const restJson1: Protocol = {
  mediaType: "application/json",
  signingName: "cloudtrail-data",
  success: (output) => json(200, "application/json", output),
  error: (error) => json(error.status, "application/json", { __type: error.shape, message: error.message }, error),
};

/** The control plane. The member is `Message`; `x-amzn-query-error` is never sent. Spec 2.1. */
export const awsJson11: Protocol = {
  mediaType: "application/x-amz-json-1.1",
  signingName: "cloudtrail",
  success: (output) => json(200, "application/x-amz-json-1.1", output),
  error: (error) =>
    json(error.status, "application/x-amz-json-1.1", { __type: error.shape, Message: error.message }, error),
};

function json(status: number, mediaType: string, body: unknown, error?: WireError): LakeResponse {
  const headers: Record<string, string> = { "content-type": mediaType };
  if (error !== undefined) {
    headers["x-amzn-errortype"] = error.shape;
    if (error.retryAfter !== undefined) headers["retry-after"] = String(error.retryAfter);
    if (error.closeConnection) headers["connection"] = "close";
  }
  return { status, headers, body: JSON.stringify(body) };
}
