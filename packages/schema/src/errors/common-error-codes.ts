import { errorCode } from "./error-code.ts";

/** Errors of both planes, outside the service models. Spec 1.3. */
export const commonErrorCodes = {
  AccessDeniedException: errorCode(
    403,
    false,
    "The caller's identity policy does not allow the action, or a policy denies it.",
  ),
  SerializationException: errorCode(
    400,
    false,
    "The body is not JSON, or a member has another JSON type than the model's.",
  ),
  ThrottlingException: errorCode(429, true, "Too many requests; send again later."),
  RequestEntityTooLargeException: errorCode(413, false, "The body is larger than the server reads."),
  IncompleteSignature: errorCode(403, false, "The Authorization header lacks a part of a Signature Version 4."),
  UnrecognizedClientException: errorCode(403, false, "No such access key."),
  InvalidSignatureException: errorCode(403, false, "The signature is not the one the server computes."),
  MissingAuthenticationToken: errorCode(403, false, "The request carries no signature."),
  ExpiredTokenException: errorCode(403, false, "The session token has expired."),
  RequestExpired: errorCode(400, false, "The signature's time is too far from the server's clock."),
  InternalFailure: errorCode(500, true, "The server failed; send again later."),
  ServiceUnavailable: errorCode(503, true, "The server cannot answer now; send again later."),
};
