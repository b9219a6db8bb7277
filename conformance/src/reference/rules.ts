import { controlRules } from "./control-rules.ts";
import { policyRules } from "./policy-rules.ts";
import { queryRules } from "./query-rules.ts";
import { eventRules } from "./event-rules.ts";

/** Decisions about a request, spec 1.1 to 1.6 and 5. */
const requestRules = {
  minEntries: 1,
  maxEntries: 100,
  isId: (id: string): boolean => /^[-_A-Za-z0-9]{1,128}$/.test(id),
  idOf: (id: string): string => id,
  isExternalId: (text: string): boolean => /^[\w+=,.@:/-]{2,1224}$/.test(text),
  maxRequestBytes: 1_048_576,
  maxBodyBytes: 8 * 1_048_576,
  /** `id`: the channel's id alone. */
  takesBareIds: true,
  requiresChannel: true,
  checksShape: true,
  parsesStrictly: true,
  bodyIsObject: (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value),
  entriesRequired: true,
  eventDataRequired: true,
  idRequired: true,
  eventDataIsString: (value: unknown): boolean => typeof value === "string",
  unknownMembersRefused: false,
  acceptsGzip: true,
  refusesDuplicates: true,
  duplicatesFirst: false,
  shapeFirst: true,
  eventsBeforeDuplicates: false,
  unknownChannel: "ChannelNotFound",
  checksArn: true,
  checksRegion: true,
  malformedBody: "SerializationException",
  brokenShape: "ValidationException",
  duplicated: "DuplicatedAuditEventId",
  ignoresUnaskedExternalId: true,
  /** One bad event spoils its request. */
  failsTogether: false,
  statusWhenAllFail: 200,
  eventId: (bytes: string, _count: number): string => bytes,
  answers: (lists: { readonly successful: readonly object[]; readonly failed: readonly object[] }): object => lists,
};

/** How answers and errors look, spec 1.4. */
const answerRules = {
  errorTypeHeader: true,
  errorTypeInBody: true,
  errorMessage: (text: string): string => text,
  requestId: (count: number): string | undefined => `00000000-0000-4000-8000-${String(count).padStart(12, "0")}`,
  queryErrorHeader: false,
};

/** Who signed, spec 5. */
const signatureRules = {
  required: true,
  refusal: 403,
  refusalNames: {
    missing: "MissingAuthenticationToken",
    key: "UnrecognizedClientException",
    signature: "InvalidSignatureException",
    time: "RequestExpired",
  },
  takesUnknownKeys: false,
  checksSignature: true,
  /** Takes x-amz-content-sha256 for the body's hash without looking at the body. */
  trustsContentHash: false,
  requiresContentHash: false,
  /** Signed headers that it looks at. */
  covers: (names: readonly string[]): readonly string[] => names,
  wantsAllSigned: false,
  /** Targets that a signature may be for. */
  targets: (target: string): readonly string[] => [target],
  /** Values of X-Amz-Target that a signature may be for. */
  operations: (target: string): readonly string[] => [target],
  checksService: true,
  checksRegion: true,
  skewMs: 900_000,
  checksToken: true,
};

/** Every decision of the reference lake: a healthy one has exactly these, a mutant has one other. */
export const rules = {
  event: eventRules,
  request: requestRules,
  answer: answerRules,
  signature: signatureRules,
  policy: policyRules,
  query: queryRules,
  control: controlRules,
};
export type Rules = typeof rules;
