import { readUtcSeconds, textAt, valueAt } from "@tributary/adapter-kit";
import { endpointName } from "./endpoint-name.ts";
import { knownAt } from "./known-at.ts";
import { kindOf } from "./kind-of.ts";

/** What names a record: `uid` in the event, `id` for the event's id. Undefined where the record has no name of its own. */
export interface NetskopeId {
  readonly uid?: string | undefined;
  readonly id?: string | undefined;
}

/**
 * `_id`, which Cloud Exchange writes as `event.id`; of a transaction its ids and time together. `transaction_id` is 0 on many
 * rows and names nothing. An incident is shown again under its `_id` when its state changes: the id holds the state.
 */
export function netskopeId(record: unknown): NetskopeId {
  const uid = textAt(record, "_id") ?? textAt(record, "event", "id") ?? textAt(record, "event.id");
  if (uid === undefined) return transactionId(record);
  const shipped = valueAt(record, "netskope", "events");
  const type = shipped === undefined ? kindOf(record).type : endpointName(textAt(shipped, "event_type") ?? "");
  if (type !== "incident") return { uid, id: uid };
  const state = ["status", "assignee", "severity"].map((member) => knownAt(shipped ?? record, member));
  return { uid, id: [uid, textAt(record, "timestamp") ?? shippedAt(record), ...state].join(":") };
}

/** The time of a shipped record as the API writes it, epoch seconds. */
function shippedAt(record: unknown): string | undefined {
  const time = readUtcSeconds(textAt(record, "@timestamp"));
  return time === undefined ? undefined : String(Date.parse(time) / 1000);
}

function transactionId(record: unknown): NetskopeId {
  const transaction = knownAt(record, "x-transaction-id");
  if (transaction === undefined || transaction === "0") return {};
  const uid = [transaction, textAt(record, "x-request-id"), textAt(record, "x-cs-timestamp")].join(":");
  return { uid, id: uid };
}
