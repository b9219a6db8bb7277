import { textAt } from "@tributary/adapter-kit";
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
  if (kindOf(record).type !== "incident") return { uid, id: uid };
  const state = ["timestamp", "status", "assignee", "severity"].map((member) => textAt(record, member));
  return { uid, id: [uid, ...state].join(":") };
}

function transactionId(record: unknown): NetskopeId {
  const transaction = knownAt(record, "x-transaction-id");
  if (transaction === undefined || transaction === "0") return {};
  const uid = [transaction, textAt(record, "x-request-id"), textAt(record, "x-cs-timestamp")].join(":");
  return { uid, id: uid };
}
