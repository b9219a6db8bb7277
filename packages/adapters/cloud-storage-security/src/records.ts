import { decodeJson, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { isBusEvent } from "./is-bus-event.ts";
import { isEventData } from "./is-event-data.ts";
import { isMessage } from "./is-message.ts";

/** Lists of envelopes: what Lambda is given, what `aws sqs receive-message` prints, a request of PutAuditEvents. */
const lists = ["Records", "Messages", "auditEvents"];

/** Members of an envelope that hold the record, or the JSON of it: of Lambda and SNS, SQS, Lambda and SQS, PutAuditEvents. */
const members = ["Sns", "Body", "body", "eventData"];

/** Members of an SNS message that belong to one delivery of it, in the spelling of HTTP and SQS and in Lambda's. */
const ofTheDelivery: ReadonlySet<string> = new Set([
  "Signature",
  "SignatureVersion",
  "SigningCertURL",
  "SigningCertUrl",
  "UnsubscribeURL",
  "UnsubscribeUrl",
]);

/**
 * The records of what carries them: arrays, SQS messages whose body is an SNS message, Lambda's records of SNS and SQS, entries
 * and requests of PutAuditEvents. The carrier's own members are not the record's, nor are signature and unsubscribe address of
 * an SNS message: a message has one id and the same bytes whichever way it came. `Message` is parsed where it is JSON.
 */
export function records(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(records);
  if (isMessage(value)) return [withoutDelivery(value)];
  if (isBusEvent(value) || isEventData(value)) return [value];
  for (const list of lists) {
    const listed = valueAt(value, list);
    if (Array.isArray(listed)) return (listed as readonly Json[]).flatMap(records);
  }
  for (const member of members) {
    const carried = valueAt(value, member);
    const inner = typeof carried === "string" ? parsed(carried) : carried;
    if (inner !== undefined) return records(inner);
  }
  return [value];
}

function withoutDelivery(message: JsonObject): Json {
  return Object.fromEntries(
    Object.entries(message)
      .filter(([key]) => !ofTheDelivery.has(key))
      .map(([key, member]) => [
        key,
        key === "Message" && typeof member === "string" ? (parsed(member) ?? member) : member,
      ]),
  );
}

/** The object or array a text is the JSON of; undefined for any other text. */
function parsed(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return decodeJson(text).value;
  } catch {
    return undefined;
  }
}
