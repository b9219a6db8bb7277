import { operations } from "@tributary/schema";
import { findsAProblem, inAnswer, inControl, type Mutant, overlooks, refusedAs } from "./mutant.ts";

const shortOf = (code: string): string => (code === "ChannelNotFoundException" ? "ChannelNotFound" : code);

/** Control planes that speak, look at requests or believe signatures otherwise. */
export const controlMutants: readonly Mutant[] = [
  // How it speaks.
  inControl(
    "knows the targets of botocore alone",
    [
      "channels/protocol/target-of-smithy",
      "channels/protocol/target-of-another-namespace",
      "channels/signature/as-botocore-signs",
      "channels/signature/as-the-javascript-sdk-signs",
    ],
    {
      operation: (target) => /^com\.amazonaws\.cloudtrail\.v20131101\.CloudTrail_20131101\.(\w+)$/.exec(target)?.[1],
    },
  ),
  inControl("knows the targets of two clients alone", ["channels/protocol/target-of-another-namespace"], {
    operation: (target) => /^(?:com\.amazonaws\.cloudtrail\.v20131101\.)?CloudTrail_20131101\.(\w+)$/.exec(target)?.[1],
  }),
  inControl("does not look at a target's service", ["channels/operation/other-services-targets-refused"], {
    operation: (target) => target.split(".").at(-1),
  }),
  inControl("answers application/json", ["channels/protocol/media-type"], { mediaType: "application/json" }),
  inControl(
    "answers times in milliseconds",
    [
      "channels/protocol/times-are-seconds",
      "channels/ingestion/latest-success",
      "channels/ingestion/latest-attempt",
      "channels/ingestion/latest-error",
    ],
    { timestamp: (ms) => ms },
  ),
  inControl(
    "answers times as text",
    [
      "channels/protocol/times-are-seconds",
      "channels/ingestion/latest-success",
      "channels/ingestion/latest-attempt",
      "channels/ingestion/latest-error",
      "channels/store/updated-after-created",
    ],
    { timestamp: (ms) => new Date(ms).toISOString() },
  ),
  inControl("answers a member where there is no output", ["channels/protocol/empty-answers-are-objects"], {
    answer: (_operation, output) => (Object.keys(output).length === 0 ? { Return: true } : output),
  }),
  inControl(
    "leaves Exception out of an error's name",
    [
      "channels/error/name-where-clients-look",
      "channels/error/name-in-header-and-body",
      "channels/member/arn-3-to-256",
      "channels/arn/unknown-channel-not-found",
      "channels/arn/other-accounts-channel-refused",
      "channels/channel/delete-ends-it",
      "channels/tags/unknown-channel-refused",
    ],
    { fullName: shortOf },
  ),
  inAnswer("names errors of the control plane in the body alone", ["channels/error/name-in-header-and-body"], {
    errorTypeHeader: false,
  }),
  inAnswer("names errors of the control plane in the header alone", ["channels/error/name-in-header-and-body"], {
    errorTypeInBody: false,
  }),
  inControl("writes message for Message", ["channels/error/message-is-a-member"], { messageMember: "message" }),
  inAnswer("says nothing in an error of the control plane", ["channels/error/message-is-a-member"], {
    errorMessage: () => "",
  }),
  inAnswer("answers no request id from the control plane", ["channels/error/request-id-always"], {
    requestId: () => undefined,
  }),
  inAnswer("answers one request id for all from the control plane", ["channels/error/request-id-always"], {
    requestId: () => "00000000-0000-4000-8000-000000000000",
  }),
  inAnswer("answers x-amzn-query-error from the control plane", ["channels/error/no-query-error-header"], {
    queryErrorHeader: true,
  }),
  inControl(
    "prints HTTP 400 for every refusal, as the API reference does",
    [
      "channels/operation/unknown-refused",
      "channels/member/arn-3-to-256",
      "channels/arn/unknown-channel-not-found",
      "channels/arn/unknown-store-not-found",
      "channels/channel/delete-ends-it",
      "channels/destination/to-200",
      "channels/destination/unknown-store-refused",
      "channels/tags/unknown-channel-refused",
      "channels/tags/unknown-store-refused",
    ],
    { statusOf: () => 400 },
  ),
  // What it reads.
  inControl(
    "reads a body up to its last brace",
    ["channels/body/malformed-refused", "channels/body/malformed-is-a-serialization-exception"],
    {
      parse: (text) => JSON.parse(text.slice(0, text.lastIndexOf("}") + 1)),
    },
  ),
  refusedAs(
    "calls a malformed body a ValidationException",
    ["channels/body/malformed-is-a-serialization-exception", "channels/body/wrong-types-are-serialization-exceptions"],
    "body/malformed",
    "ValidationException",
  ),
  overlooks(
    "takes members of any type",
    [
      "channels/body/wrong-types-refused",
      "channels/body/wrong-types-are-serialization-exceptions",
      "channels/store/retention-whole-days",
    ],
    (_place, constraint) => constraint === "type",
  ),
  findsAProblem("refuses unknown members", ["channels/body/unknown-members-ignored"], (operation, input) =>
    operation === "GetChannel" &&
    Object.keys(input).some((member) => !(member in operations.GetChannel.request.properties))
      ? ""
      : undefined,
  ),
  refusedAs(
    "calls an unknown operation invalid",
    ["channels/operation/unknown-refused"],
    "operation/unknown",
    "InvalidParameterException",
  ),
  refusedAs(
    "calls the operations of trails unknown",
    ["channels/operation/trails-answered-or-not-supported"],
    "operation/not-had",
    "UnknownOperationException",
  ),
  overlooks(
    "does without required members",
    ["channels/member/required"],
    (_place, constraint) => constraint === "required",
  ),
  overlooks(
    "does without the tags of AddTags",
    ["channels/member/required"],
    (place, constraint) => place === "AddTags/TagsList" && constraint === "required",
  ),
  overlooks(
    "does without the key of a tag",
    ["channels/member/required"],
    (place, constraint) => place.endsWith("/Key") && constraint === "required",
  ),
  overlooks(
    "takes any BillingMode",
    ["channels/member/billing-mode-is-one-of-two", "channels/member/own-error-where-one-fits"],
    (place) => place.endsWith("/BillingMode"),
  ),
  overlooks(
    "looks for ARNs of any length",
    ["channels/member/arn-3-to-256", "channels/member/own-error-where-one-fits"],
    (place, constraint) => /^Get\w+\/(?:Channel|EventDataStore)$/.test(place) && constraint === "length",
  ),
  findsAProblem(
    "takes ARNs of 255 characters at most",
    ["channels/member/arn-3-to-256"],
    (operation, { Channel: channel }) =>
      operation === "GetChannel" && String(channel).length === 256 ? "/Channel" : undefined,
  ),
  overlooks(
    "looks for ids of any characters",
    ["channels/member/arn-characters"],
    (place, constraint) => /^Get\w+\/(?:Channel|EventDataStore)$/.test(place) && constraint === "pattern",
  ),
  inControl(
    "calls every broken constraint an InvalidParameterException",
    [
      "channels/member/resource-arn-3-to-256",
      "channels/member/own-error-where-one-fits",
      "channels/list/stores-pages-of-1-to-1000",
    ],
    {
      shapeError: () => "InvalidParameterException",
    },
  ),
];
