import { inControl, inSignature, type Mutant, refusedAs, unrefused } from "./mutant.ts";

/** Control planes that find other things by their names, or believe others. */
export const arnMutants: readonly Mutant[] = [
  // How things are named.
  inControl(
    "takes ARNs alone",
    [
      "channels/error/name-where-clients-look",
      "channels/error/name-in-header-and-body",
      "channels/member/arn-3-to-256",
      "channels/arn/channel-by-arn-or-id",
      "channels/arn/store-by-arn-or-id",
      "channels/arn/location-by-arn-or-id",
      "channels/arn/of-channels-and-stores",
      "channels/arn/unknown-channel-not-found",
      "channels/arn/unknown-store-not-found",
      "channels/source/every-one-of-the-table",
      "channels/destination/to-200",
      "channels/destination/unknown-store-refused",
    ],
    { takesIds: false },
  ),
  inControl(
    "answers destinations by their ids",
    [
      "channels/arn/location-by-arn-or-id",
      "channels/channel/create-answers-what-it-made",
      "channels/destination/update-replaces-the-list",
    ],
    { location: ({ id }) => id },
  ),
  inControl(
    "answers ARNs of another service",
    ["channels/arn/store-by-arn-or-id", "channels/arn/of-channels-and-stores"],
    {
      answer: (operation, output) =>
        operation === "GetEventDataStore" && "EventDataStoreArn" in output
          ? { ...output, EventDataStoreArn: String(output.EventDataStoreArn).replace(":cloudtrail:", ":lake:") }
          : output,
    },
  ),
  inControl(
    "answers ids without hyphens",
    [
      "channels/arn/ids-are-lower-case-uuids",
      "channels/destination/new-events",
      "channels/channel/events-stay",
      "channels/store/retention-by",
    ],
    {
      idOf: (uuid) => uuid.replaceAll("-", ""),
    },
  ),
  refusedAs(
    "calls an unknown channel a ResourceNotFoundException",
    [
      "channels/error/name-where-clients-look",
      "channels/error/name-in-header-and-body",
      "channels/member/arn-3-to-256",
      "channels/arn/unknown-channel-not-found",
      "channels/arn/other-accounts-channel-refused",
      "channels/channel/delete-ends-it",
    ],
    "channel/unknown",
    "ResourceNotFoundException",
  ),
  refusedAs(
    "calls an unknown store a ResourceNotFoundException",
    ["channels/member/arn-3-to-256", "channels/arn/unknown-store-not-found"],
    "store/unknown",
    "ResourceNotFoundException",
  ),
  refusedAs(
    "looks for a channel by any ARN",
    ["channels/arn/not-a-channels-refused"],
    "channel/not-one",
    "ChannelNotFoundException",
  ),
  refusedAs(
    "looks for a store by any ARN",
    ["channels/arn/not-a-stores-refused"],
    "store/not-one",
    "EventDataStoreNotFoundException",
  ),
  refusedAs(
    "looks for a destination by any ARN",
    ["channels/arn/not-a-stores-refused"],
    "destination/not-a-store",
    "EventDataStoreNotFoundException",
  ),
  unrefused(
    "finds a channel by its ARN in another region",
    ["channels/arn/of-another-region-refused"],
    "channel/other-region",
  ),
  unrefused(
    "finds a store by its ARN in another region",
    ["channels/arn/of-another-region-refused"],
    "store/other-region",
  ),
  refusedAs(
    "calls another account's store a conflict",
    ["channels/arn/other-accounts-store-refused", "channels/destination/other-accounts-store-refused"],
    "store/other-account",
    "ConflictException",
  ),
  inControl("does not look at the region of an ARN", ["channels/arn/of-another-region-refused"], {
    isHere: () => true,
  }),
  inControl(
    "does not look at who owns a resource",
    [
      "channels/arn/other-accounts-store-refused",
      "channels/arn/other-accounts-channel-refused",
      "channels/destination/other-accounts-store-refused",
      "channels/tags/other-accounts-refused",
    ],
    { isOwn: () => true },
  ),
  // Who signed.
  inSignature("lets anybody control it", ["channels/signature/required"], { required: false }),
  inSignature(
    "looks at no signature of the control plane",
    [
      "channels/signature/wrong-secret-refused",
      "channels/signature/of-the-body",
      "channels/signature/of-the-operation",
    ],
    { checksSignature: false },
  ),
  inSignature("takes any key for the control plane", ["channels/signature/unknown-key-refused"], {
    takesUnknownKeys: true,
  }),
  inSignature("trusts the declared hash of a control-plane body", ["channels/signature/of-the-body"], {
    trustsContentHash: true,
  }),
  inSignature("wants every header signed by who controls it", ["channels/signature/as-botocore-signs"], {
    wantsAllSigned: true,
  }),
  inSignature(
    "knows four headers that are signed by who controls it",
    ["channels/signature/as-the-javascript-sdk-signs"],
    {
      covers: (names) => names.filter((name) => ["content-type", "host", "x-amz-date", "x-amz-target"].includes(name)),
    },
  ),
  inSignature("takes a signature for another operation", ["channels/signature/of-the-operation"], {
    operations: (target) => [target, target.replace(".ListChannels", ".GetChannel")],
  }),
  inSignature("takes a signature of the data plane", ["channels/signature/of-the-data-plane-refused"], {
    checksService: false,
  }),
  inSignature("takes a control-plane signature for any region", ["channels/signature/of-another-region-refused"], {
    checksRegion: false,
  }),
  inSignature("takes a control-plane signature of any time", ["channels/signature/an-hour-off-refused"], {
    skewMs: Number.POSITIVE_INFINITY,
  }),
  unrefused("has as many stores as one wants", ["channels/quota/10-stores-in-any-status"], "store/too-many"),
  inControl("has nine stores", ["channels/quota/10-stores-in-any-status"], { maxStores: 9 }),
  inControl("does not count stores that wait for their deletion", ["channels/quota/10-stores-in-any-status"], {
    countsDeletedStores: false,
  }),
];
