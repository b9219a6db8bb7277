import { TributaryError } from "@tributary/schema";

/** The codes of {@link ControlError}. */
export type ControlErrorCode =
  | "CONTROL_REFUSED"
  | "CONTROL_DENIED"
  | "CREDENTIALS_MISSING"
  | "CREDENTIALS_REFUSED"
  | "REGION_MISSING"
  | "CONTROL_THROTTLED"
  | "CONTROL_UNREACHABLE"
  | "INTERRUPTED";

/** Thrown when the control plane or the token service does not do what was asked. The message has its own words and a fix. */
export class ControlError extends TributaryError {
  /** `CreateChannel`. */
  readonly operation: string;
  /** The service's name of the error: `ChannelAlreadyExistsException`; Node's where there was no answer. */
  readonly wireName: string;

  constructor(
    message: string,
    options: {
      readonly code: ControlErrorCode;
      readonly operation: string;
      readonly wireName: string;
      readonly cause: unknown;
    },
  ) {
    const { code, operation, wireName, cause } = options;
    super(message, { code, cause, retryable: retryable.has(code) });
    this.operation = operation;
    this.wireName = wireName;
  }
}

const retryable: ReadonlySet<ControlErrorCode> = new Set(["CONTROL_THROTTLED", "CONTROL_UNREACHABLE", "INTERRUPTED"]);

const credentialNames: ReadonlySet<string> = new Set([
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "IncompleteSignatureException",
  "MissingAuthenticationToken",
  "MissingAuthenticationTokenException",
  "ExpiredToken",
  "ExpiredTokenException",
  "RequestExpired",
]);
const deniedNames: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "UnauthorizedOperation",
  "NotAuthorized",
]);
const throttledNames: ReadonlySet<string> = new Set([
  "ThrottlingException",
  "Throttling",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);

/** What to do about refusals that a person can mend, by the service's name. */
const fixes: Readonly<Record<string, string>> = {
  ChannelMaxLimitExceededException:
    "A source can have one channel, an account 25 in a region: use the channel that is there, or delete one (tributary integration list).",
  EventDataStoreMaxLimitExceededException:
    "Those that wait for their deletion count too: use one that is there (--store), or ask AWS for a higher quota.",
  InvalidEventDataStoreCategoryException: "The store must hold activity events from outside AWS: take another.",
  InactiveEventDataStoreException: "The store is not enabled: restore it (aws cloudtrail restore-event-data-store).",
  InvalidSourceException: "Spell the source as AWS does: tributary adapters lists them.",
  ResourcePolicyNotValidException: "Check the principals: each must exist.",
  TagsLimitExceededException: "A resource has 50 tags at most.",
  UnsupportedOperationException: "Integrations are not in every region: take another (--region).",
  EventDataStoreTerminationProtectedException: "Its termination protection must be switched off first.",
  ChannelExistsForEDSException: "Another channel delivers to it: delete that first, or give it another store.",
};

interface Answered {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** An error of AWS's client as one of ours. @param operation `CreateChannel` */
export function controlError(operation: string, error: unknown, where: string): ControlError {
  const { name, message, $metadata, code: nodeCode } = answered(error);
  const status = $metadata?.httpStatusCode;
  const made = (code: ControlErrorCode, text: string): ControlError =>
    new ControlError(text, { code, operation, wireName: name, cause: error });
  if (/^Region (is missing|not accepted)/.test(message))
    return made("REGION_MISSING", "No region is given: say --region, or set AWS_REGION.");
  if (name === "CredentialsProviderError" || name === "TokenProviderError")
    return made(
      "CREDENTIALS_MISSING",
      `There are no AWS credentials (${message}). Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a profile with AWS_PROFILE.`,
    );
  if (name === "AbortError") return made("INTERRUPTED", `${operation} was stopped by a signal. Run it again to go on.`);
  if (credentialNames.has(name))
    return made("CREDENTIALS_REFUSED", `${where} does not accept the credentials: ${name}: ${message}`);
  if (deniedNames.has(name))
    return made(
      "CONTROL_DENIED",
      `${operation} is not allowed: ${message || name}. The caller's identity policy must allow ${actionOf(operation)}.`,
    );
  if (throttledNames.has(name) || status === 429)
    return made("CONTROL_THROTTLED", `${operation} is asked too often: ${message}. Run it again in a minute.`);
  if (status === undefined || status >= 500)
    return made(
      "CONTROL_UNREACHABLE",
      `${operation}: no answer from ${where} (${typeof nodeCode === "string" ? nodeCode : name}: ${message}). Check the endpoint and the network, then run it again.`,
    );
  // The client's word for an answer that names no error.
  if (name === "Unknown" || name === "UnknownError")
    return made(
      "CONTROL_UNREACHABLE",
      `${operation}: ${where} answers with status ${status}, and not as CloudTrail does. Check the endpoint, and what is in between.`,
    );
  const fix = Object.hasOwn(fixes, name) ? ` ${fixes[name]}` : "";
  return made("CONTROL_REFUSED", `${operation} was refused: ${name}: ${message}${fix}`);
}

function actionOf(operation: string): string {
  return operation === "GetCallerIdentity" ? "sts:GetCallerIdentity" : `cloudtrail:${operation}`;
}

function answered(error: unknown): Answered {
  if (error instanceof AggregateError && error.errors.length > 0) return answered(error.errors[0]);
  if (error instanceof Error) return error;
  return { name: "Error", message: String(error) };
}
