import { isMembers } from "../core/members.ts";
import type { Answer } from "../wire/answer.ts";
import type { Names } from "./names.ts";

/** Members that the specification fixes. Times, selectors' names and what a server adds are not compared. */
const compared = new Set([
  "Name",
  "Status",
  "RetentionPeriod",
  "TerminationProtectionEnabled",
  "BillingMode",
  "MultiRegionEnabled",
  "EventDataStoreArn",
  "EventDataStores",
  "ChannelArn",
  "Channels",
  "Source",
  "Destinations",
  "Type",
  "Location",
  "Tags",
  "TagsList",
  "Key",
  "Value",
  "ResourceTagList",
  "ResourceId",
  "ResourceArn",
  "ResourcePolicy",
  "successful",
  "failed",
  "id",
  "errorCode",
]);

/** Where the specification leaves two names for the same refusal. */
const alike: Readonly<Record<string, string>> = { ResourceNotFoundException: "ResourceARNNotValidException" };

/** What of an answer must be equal at both sides, as text: status, error, and members with names instead of ARNs. */
export function relevant({ status, code, json }: Answer, names: Names): string {
  if (status !== 200) return `HTTP ${status} ${code === undefined ? "without a name" : (alike[code] ?? code)}`;
  return `HTTP 200 ${names.named(JSON.stringify(picked(json ?? {}, names)))}`;
}

function picked(value: unknown, names: Names): unknown {
  if (Array.isArray(value))
    return (
      value
        .filter((one) => isKnown(one, names))
        .map((one) => picked(one, names))
        // Orders are the server's own.
        .toSorted((one, other) => (names.named(JSON.stringify(one)) < names.named(JSON.stringify(other)) ? -1 : 1))
    );
  if (!isMembers(value)) return value;
  const entries = Object.entries(value).filter(([key, member]) => compared.has(key) && !isEmptyTag(key, member));
  return Object.fromEntries(
    entries.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([key, member]) => [key, picked(member, names)]),
  );
}

/** An account has more than the sequence knows of. */
function isKnown(value: unknown, names: Names): boolean {
  if (!isMembers(value)) return true;
  const { ChannelArn, EventDataStoreArn } = value;
  const arn = ChannelArn ?? EventDataStoreArn;
  return arn === undefined || names.nameOf(arn) !== undefined;
}

/** A tag without a value, and one with an empty one, are written either way. */
const isEmptyTag = (key: string, member: unknown): boolean => key === "Value" && (member === null || member === "");
