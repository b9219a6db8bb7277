import { randomUUID } from "node:crypto";
import { inAnswer, inRequest, type Mutant } from "./mutant.ts";

/** Lakes that misread a request, or answer it wrongly. */
export const requestMutants: readonly Mutant[] = [
  // What a request holds.
  inRequest(
    "takes 99 entries at most",
    ["ingest/batch/100-entries-accepted", "ingest/response/one-bad-event-fails-alone?"],
    { maxEntries: 99 },
  ),
  inRequest("takes one entry at most", ["*"], { maxEntries: 1 }),
  inRequest("takes 101 entries", ["ingest/batch/101-entries-refused", "ingest/batch/shape-refusals"], {
    maxEntries: 101,
  }),
  inRequest(
    "takes an empty list",
    ["ingest/batch/0-entries-refused", "ingest/batch/shape-refusals", "ingest/order/shape-before-channel"],
    { minEntries: 0 },
  ),
  inRequest("wants two entries", ["*"], { minEntries: 2 }),
  inRequest("takes a body without entries", ["ingest/batch/no-entries-member-refused"], { entriesRequired: false }),
  inRequest("takes ids of 127 characters at most", ["ingest/id/1-to-128", "ingest/id/letters?"], {
    isId: (id) => /^[-_A-Za-z0-9]{1,127}$/.test(id),
  }),
  inRequest("takes ids of 129 characters", ["ingest/id/1-to-128"], { isId: (id) => /^[-_A-Za-z0-9]{1,129}$/.test(id) }),
  inRequest("takes empty ids", ["ingest/id/1-to-128"], { isId: (id) => /^[-_A-Za-z0-9]{0,128}$/.test(id) }),
  inRequest("takes blanks in ids", ["ingest/id/letters", "ingest/batch/shape-refusals"], {
    isId: (id) => /^[-_A-Za-z0-9 ]{1,128}$/.test(id),
  }),
  inRequest("takes a line feed after an id", ["ingest/id/letters"], {
    isId: (id) => /^[-_A-Za-z0-9]{1,128}\n?$/.test(id),
  }),
  inRequest(
    "wants no underscore in ids",
    ["ingest/id/letters", "ingest/response/every-id-once?", "ingest/response/lists-in-order?"],
    { isId: (id) => /^[-A-Za-z0-9]{1,128}$/.test(id) },
  ),
  inRequest("does without ids", ["ingest/id/required"], { idRequired: false }),
  inRequest("does without eventData", ["ingest/event-data/required"], { eventDataRequired: false }),
  inRequest("takes an object as eventData", ["ingest/event-data/is-a-string"], { eventDataIsString: () => true }),
  inRequest("takes the same id twice", ["ingest/batch/same-id-twice", "ingest/order/duplicates-before-events"], {
    refusesDuplicates: false,
  }),
  inRequest(
    "calls a duplicate a ValidationException",
    ["ingest/batch/same-id-twice", "ingest/order/duplicates-before-events"],
    { duplicated: "ValidationException" },
  ),
  inRequest(
    "compares ids without case",
    ["ingest/batch/ids-differ-by-case", "ingest/response/every-id-once?", "ingest/response/lists-in-order?"],
    { idOf: (id) => id.toLowerCase() },
  ),
  inRequest("looks at events before ids", ["ingest/order/duplicates-before-events"], { eventsBeforeDuplicates: true }),
  inRequest("looks for the channel before the shape", ["ingest/order/shape-before-channel"], { shapeFirst: false }),
  inRequest(
    "answers a broken shape with another name",
    ["ingest/batch/shape-refusals", "ingest/order/shape-before-channel", "ingest/limit/request-is-1048576"],
    { brokenShape: "InvalidParameterException" },
  ),
  inRequest("answers malformed JSON with another name", ["ingest/body/malformed"], { malformedBody: "InvalidRequest" }),
  inRequest(
    "forgives what follows a body, and bytes that are not UTF-8",
    ["ingest/body/is-json", "ingest/body/malformed"],
    { parsesStrictly: false },
  ),
  inRequest(
    "takes a body that is no object",
    ["ingest/body/is-an-object", "ingest/body/malformed", "ingest/batch/no-entries-member"],
    { bodyIsObject: () => true, entriesRequired: false },
  ),
  inRequest("refuses members it does not know", ["ingest/body/unknown-members"], { unknownMembersRefused: true }),
  inRequest("reads no gzip", ["ingest/body/gzip"], { acceptsGzip: false }),
  inRequest("takes bodies of any size", ["ingest/limit/body-over-8-mib"], { maxBodyBytes: Number.POSITIVE_INFINITY }),
  inRequest("takes requests of any size", ["ingest/limit/request-over-1-mib", "ingest/limit/request-is-1048576"], {
    maxRequestBytes: Number.POSITIVE_INFINITY,
  }),
  inRequest("takes 900,000 bytes a request", ["ingest/limit/request-to-1-mb", "ingest/limit/request-is-1048576"], {
    maxRequestBytes: 900_000,
  }),
  inRequest("draws the line of a request at 1,000,000 bytes", ["ingest/limit/request-is-1048576"], {
    maxRequestBytes: 1_000_000,
  }),
  // The channel and the external id.
  inRequest("takes ARNs alone", ["ingest/channel/by-id", "ingest/channel/unknown-id", "ingest/order/"], {
    takesBareIds: false,
  }),
  inRequest("takes a request without a channel", ["ingest/channel/required"], { requiresChannel: false }),
  inRequest("calls any wrong ARN unknown", ["ingest/channel/not-an-arn"], { checksArn: false }),
  inRequest(
    "takes any region",
    [
      "ingest/channel/other-region",
      "ingest/channel/unknown",
      "ingest/error/",
      "ingest/order/channel-before-duplicates",
    ],
    { checksRegion: false },
  ),
  inRequest("calls an unknown channel invalid", ["ingest/channel/unknown", "ingest/order/channel-before-duplicates"], {
    unknownChannel: "InvalidChannelARN",
  }),
  inRequest(
    "answers the control plane's name for an unknown channel",
    ["ingest/channel/unknown", "ingest/order/channel-before-duplicates"],
    { unknownChannel: "ChannelNotFoundException" },
  ),
  inRequest("refuses an external id that nobody asked for", ["ingest/external-id/"], {
    ignoresUnaskedExternalId: false,
  }),
  inRequest("takes external ids of one character", ["ingest/external-id/2-to-1224"], {
    isExternalId: (text) => /^[\w+=,.@:/-]{1,1224}$/.test(text),
  }),
  inRequest("takes external ids of 1225 characters", ["ingest/external-id/2-to-1224"], {
    isExternalId: (text) => /^[\w+=,.@:/-]{2,1225}$/.test(text),
  }),
  inRequest("takes any characters in an external id", ["ingest/external-id/characters"], {
    isExternalId: (text) => text.length >= 2 && text.length <= 1224,
  }),
  inRequest("wants letters and digits in an external id", ["ingest/external-id/ignored"], {
    isExternalId: (text) => /^[\w-]{2,1224}$/.test(text),
  }),
  // What is answered.
  inRequest("leaves empty lists out", ["ingest/response/both-lists", "ingest/response/failed-entry?"], {
    answers: ({ successful, failed }) => ({
      ...(successful.length > 0 && { successful }),
      ...(failed.length > 0 && { failed }),
    }),
  }),
  inRequest("answers 400 when all fail", ["*"], { statusWhenAllFail: 400 }),
  inRequest(
    "fails a whole request for one bad event",
    ["ingest/response/", "ingest/limit/an-event-too-long", "ingest/checksum/wrong"],
    { failsTogether: true },
  ),
  inRequest("answers eventIDs in upper case", ["ingest/response/successful-entry"], {
    eventId: (id) => id.toUpperCase(),
  }),
  inRequest("answers one eventID for all", ["ingest/response/successful-entry", "ingest/resend/same-id-other-bytes"], {
    eventId: () => "00000000-0000-8000-a000-000000000001",
  }),
  inRequest("answers a new eventID each time", ["ingest/resend/same-event-same-answer"], {
    eventId: () => randomUUID(),
  }),
  inRequest("answers eventIDs that do not know the bytes", ["ingest/resend/same-id-other-bytes"], {
    eventId: (_id, index) => `00000000-0000-8000-a000-${String(index).padStart(12, "0")}`,
  }),
  inRequest("sorts the lists", ["ingest/response/lists-in-order"], {
    answers: ({ successful, failed }) => ({ successful: successful.toReversed(), failed: failed.toReversed() }),
  }),
  inRequest("tells of the first failure only", ["ingest/response/", "ingest/checksum/wrong"], {
    answers: ({ successful, failed }) => ({ successful, failed: failed.slice(0, 1) }),
  }),
  inRequest(
    "lists a failure among the successes, too",
    ["ingest/response/every-id-once", "ingest/response/lists-in-order"],
    {
      answers: ({ successful, failed }) => ({
        successful: [...successful, ...failed.map((one) => ({ ...one, eventID: randomUUID() }))],
        failed,
      }),
    },
  ),
  inRequest("answers an undocumented errorCode", ["*"], {
    answers: ({ successful, failed }) => ({
      successful,
      failed: failed.map((one) => ({ ...one, errorCode: "Malformed" })),
    }),
  }),
  inRequest("answers an empty errorMessage", ["ingest/response/failed-entry"], {
    answers: ({ successful, failed }) => ({ successful, failed: failed.map((one) => ({ ...one, errorMessage: "" })) }),
  }),
  inRequest("answers an errorMessage of any length", ["ingest/response/failed-entry"], {
    answers: ({ successful, failed }) => ({
      successful,
      failed: failed.map((one) => ({ ...one, errorMessage: "x".repeat(1025) })),
    }),
  }),
  inAnswer("names errors in the body alone", ["ingest/error/name-in-header-and-body"], { errorTypeHeader: false }),
  inAnswer("names errors in the header alone", ["ingest/error/name-in-header-and-body"], { errorTypeInBody: false }),
  inAnswer(
    "names errors nowhere",
    [
      "ingest/error/name-where",
      "ingest/error/name-in",
      "ingest/channel/",
      "ingest/order/",
      "ingest/body/malformed",
      "ingest/batch/shape-refusals",
      "ingest/batch/same-id-twice",
      "ingest/limit/request-is",
      "ingest/signature/refusals",
    ],
    { errorTypeHeader: false, errorTypeInBody: false },
  ),
  inAnswer("says nothing in an error", ["ingest/error/message-says-why"], { errorMessage: () => "" }),
  inAnswer("answers no request id", ["ingest/error/request-id"], { requestId: () => undefined }),
  inAnswer("answers one request id for all", ["ingest/error/request-id"], {
    requestId: () => "00000000-0000-4000-8000-000000000000",
  }),
  inAnswer("answers x-amzn-query-error", ["ingest/error/no-query-error"], { queryErrorHeader: true }),
];
