import type { ResponseMetadata } from "./put-audit-events-command.ts";

/** What every exception of the service holds. */
export interface CloudTrailDataServiceExceptionOptions {
  /** The error code of the answer, for instance `ChannelNotFound`. */
  readonly name: string;
  readonly message: string;
  readonly $fault: "client" | "server";
  readonly $metadata: ResponseMetadata;
  readonly $retryAfterSeconds?: number | undefined;
}

/**
 * An error that the service answered; codes without a class of their own (`AccessDeniedException`, `ThrottlingException`,
 * `ValidationException`, `InternalFailure` …) are told apart by `name`. Failures of the transport are Node's own errors.
 */
export class CloudTrailDataServiceException extends Error {
  override readonly name: string;
  /** Whose fault: `server` for a status of 500 and above. */
  readonly $fault: "client" | "server";
  readonly $metadata: ResponseMetadata;
  /** Set where the same request may succeed later: 429, 500 and above, and the throttling codes. */
  declare readonly $retryable?: { readonly throttling?: boolean };
  /** Seconds to wait, from the answer's `Retry-After`; absent when it had none. */
  declare readonly $retryAfterSeconds?: number;

  constructor(options: CloudTrailDataServiceExceptionOptions) {
    super(options.message);
    this.name = options.name;
    this.$fault = options.$fault;
    this.$metadata = options.$metadata;
    const throttling = options.$metadata.httpStatusCode === 429 || throttlingCodes.has(options.name);
    if (throttling) this.$retryable = { throttling };
    else if (options.$fault === "server") this.$retryable = {};
    if (options.$retryAfterSeconds !== undefined) this.$retryAfterSeconds = options.$retryAfterSeconds;
  }
}

/** The caller may not use the channel: its resource policy or the external id refuses. Spec 3.5. */
export class ChannelInsufficientPermission extends CloudTrailDataServiceException {}

/** No such channel in the caller's account. Spec 1.3. */
export class ChannelNotFound extends CloudTrailDataServiceException {}

/** The channel does not take events of this schema. Spec 1.3. */
export class ChannelUnsupportedSchema extends CloudTrailDataServiceException {}

/** Two entries of the request have one id: nothing was ingested. Spec 1.3. */
export class DuplicatedAuditEventId extends CloudTrailDataServiceException {}

/** The channel's ARN is malformed, or of another region than the endpoint. Spec 1.3. */
export class InvalidChannelARN extends CloudTrailDataServiceException {}

/** Not supported in this region or account. Spec 1.3. */
export class UnsupportedOperationException extends CloudTrailDataServiceException {}

/** The modelled errors by their name on the wire. Spec 1.3. */
export const modelledExceptions: Readonly<Record<string, typeof CloudTrailDataServiceException>> = Object.freeze({
  ChannelInsufficientPermission,
  ChannelNotFound,
  ChannelUnsupportedSchema,
  DuplicatedAuditEventId,
  InvalidChannelARN,
  UnsupportedOperationException,
});

const throttlingCodes: ReadonlySet<string> = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "RequestThrottled",
  "RequestThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
  "SlowDown",
]);
