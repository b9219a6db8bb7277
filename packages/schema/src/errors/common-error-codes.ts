/** Errors of both planes, outside the service models. Spec 1.3. */
export const commonErrorCodes = {
  AccessDeniedException: [403, false, "The caller's identity policy does not allow the action, or a policy denies it."],
  SerializationException: [400, false, "The body is not JSON, or a member has another JSON type than the model's."],
  ThrottlingException: [429, true, "Too many requests; send again later."],
  RequestEntityTooLargeException: [413, false, "The body is larger than the server reads."],
  IncompleteSignature: [403, false, "The Authorization header lacks a part of a Signature Version 4."],
  UnrecognizedClientException: [403, false, "No such access key."],
  InvalidSignatureException: [403, false, "The signature is not the one the server computes."],
  MissingAuthenticationToken: [403, false, "The request carries no signature."],
  ExpiredTokenException: [403, false, "The session token has expired."],
  RequestExpired: [400, false, "The signature's time is too far from the server's clock."],
  InternalFailure: [500, true, "The server failed; send again later."],
  ServiceUnavailable: [503, true, "The server cannot answer now; send again later."],
} as const;
