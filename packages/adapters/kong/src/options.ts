import { Type as T } from "@sinclair/typebox";

/** What the records of a gateway do not say of it. */
export const options = T.Object({
  version: T.Optional(
    T.String({
      minLength: 1,
      maxLength: 256,
      description: "Kong's version, as `GET /` of the Admin API tells it. Default: 1.",
    }),
  ),
  konghostname: T.Optional(
    T.String({
      minLength: 1,
      maxLength: 1024,
      description: "The gateway's name in additionalEventData. Default: none.",
    }),
  ),
  recordTtlSeconds: T.Integer({
    default: 2_592_000,
    minimum: 1,
    description: "audit_log_record_ttl: tells the time of old records, which say only when they expire.",
  }),
});
