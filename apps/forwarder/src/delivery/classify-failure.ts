/** Why the forwarder cannot go on with a channel. The queue is kept. */
export interface Stop {
  /** `refused`: the channel or the caller must change; `unreachable`: try again later; `paused`: look at the dead letters; `interrupted`: a signal. */
  readonly kind: "refused" | "unreachable" | "paused" | "interrupted";
  readonly code: string;
  readonly message: string;
  /** The server asked not to be asked before, ms from now. */
  readonly retryAfterMs?: number | undefined;
}

/** What a request that was not answered with status 200 and a readable body means. */
export interface Failure {
  /** `retry`: same bytes again; `split`: some event in it is refused, find it; `stop`: no event of this channel would pass. */
  readonly action: "retry" | "split" | "stop";
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** With `split`: nobody who knows PutAuditEvents answers so. It may be about no event at all. */
  readonly isUnknown?: true | undefined;
  /** The server asks for less. */
  readonly isThrottling: boolean;
  /** With `retry`: so many attempts in a row that fail so are a refusal of the channel. Of clocks and credentials. */
  readonly refusedAfter?: number | undefined;
}

/** Permission and channel errors: whatever is sent, the answer is the same until a person changes something. Spec 1.3. */
const stops = new Set([
  "AuthFailure",
  "ChannelNotFound",
  "InvalidChannelARN",
  "ChannelInsufficientPermission",
  "ChannelUnsupportedSchema",
  "UnsupportedOperationException",
  "AccessDenied",
  "AccessDeniedException",
  "CredentialsProviderError",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "InvalidAction",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "NotAuthorized",
  "OptInRequired",
  "SignatureDoesNotMatch",
  "UnknownOperationException",
  "UnrecognizedClientException",
]);

/** Fresh credentials or a corrected clock make the same bytes pass; if not at once, a person must look. */
const renewals = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
  "RequestInTheFuture",
  "RequestTimeTooSkewed",
]);

/** What a wrong clock may look like: worth another try where the client has just learnt the server's time. */
const signatures = new Set(["AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch"]);

/** Attempts that may fail of clock or credentials. */
const renewalAttempts = 3;

const throttling = new Set([
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
]);

/** A moment later the same bytes pass. */
const retries = new Set([
  "InternalFailure",
  "InternalServerError",
  "InternalServerException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "TimeoutError",
  "RequestTimeout",
]);

/** The batch as a whole was refused: the fault is in one of its events, or in their number or size. Spec 8. */
const splits = new Set([
  "ValidationException",
  "ValidationError",
  "SerializationException",
  "DuplicatedAuditEventId",
  "RequestEntityTooLargeException",
  "RequestEntityTooLarge",
]);

/** What to do, where nobody else says so. */
const advice: ReadonlyMap<string, string> = new Map([
  ["CredentialsProviderError", ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or take SSO or a role"],
]);

/** What AWS's clients add for whoever debugs them. */
const sdkHint = /\n\s*Deserialization error: to see the raw response, inspect the hidden field .*$/;

/** Reads any thrown value; shaped for AWS SDK exceptions (`name`, `$metadata`, `$response`) and Node's socket errors. */
export function classifyFailure(error: unknown, now: number): Failure {
  const shape = (typeof error === "object" && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly $retryAfterSeconds?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: unknown; readonly clockSkewCorrected?: unknown };
    readonly $response?: { readonly headers?: Readonly<Record<string, string>>; readonly statusCode?: unknown };
  };
  const status = numberOf(shape.$metadata?.httpStatusCode) ?? numberOf(shape.$response?.statusCode);
  const name = textOf(shape.name) ?? "Error";
  // A service's exception is known by its name; a socket's error, however it is wrapped and however far the answer had come, by its code.
  const socket = status === undefined || name === "Error" ? textOf(shape.code) : undefined;
  const isUnnamed = status !== undefined && (name === "UnknownError" || name === "Error");
  const code = socket ?? (isUnnamed ? `HTTP${status}` : name);
  const told = `${(textOf(shape.message) ?? code).replace(sdkHint, "")}${advice.get(name) ?? ""}`;
  // Nobody who knows PutAuditEvents says so.
  const message = (
    isUnnamed ? `${told.replace(/\.$/, "")}. Is the endpoint right, and no proxy in between?` : told
  ).slice(0, 1024);
  const seconds = numberOf(shape.$retryAfterSeconds);
  const retryAfterMs =
    seconds === undefined ? retryAfter(shape.$response?.headers?.["retry-after"], now) : seconds * 1000;
  const isRenewal =
    renewals.has(name) ||
    (signatures.has(name) && shape.$metadata?.clockSkewCorrected === true && status !== undefined);
  return {
    action: isRenewal ? "retry" : actionFor(name, status),
    code,
    message,
    ...(status === 400 && !isRenewal && !isKnown(name) && { isUnknown: true }),
    isThrottling: throttling.has(name) || status === 429 || status === 503,
    ...(isRenewal ? { refusedAfter: renewalAttempts } : {}),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

const isKnown = (name: string): boolean => [stops, splits, retries, throttling].some((names) => names.has(name));

function actionFor(name: string, status: number | undefined): Failure["action"] {
  if (stops.has(name)) return "stop";
  if (splits.has(name)) return "split";
  if (retries.has(name) || throttling.has(name)) return "retry";
  if (status === undefined) return "retry"; // never answered: a socket, a name, a certificate
  if (status === 413) return "split";
  if (status === 429 || status === 408 || status >= 500) return "retry";
  if (status === 400) return "split";
  if (status >= 300) return "stop"; // a proxy, a wrong endpoint, a refusal: not about any event
  return "retry"; // 2xx whose body could not be read: it may have been committed
}

function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Seconds or an HTTP date (RFC 9110 10.2.3), as ms from `now`. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
