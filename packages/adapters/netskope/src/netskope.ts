import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, taking, valueAt } from "@tributary/adapter-kit";
import { formats } from "./formats.ts";
import { netskopeId } from "./netskope-id.ts";
import { netskopeRecords } from "./netskope-records.ts";
import { plain } from "./plain.ts";
import { shipped } from "./shipped.ts";
import { transaction } from "./transaction.ts";

/** An admin audit record: what an administrator, a service account or Netskope's own staff did in the console or by the API. */
const AuditRecord = T.Object({ audit_log_event: T.String({ pattern: "\\S" }) });

/** An event or an alert: flat, 80 to 120 members, of which only the time and some name are sure. */
const PlainRecords = (["_id", "type", "record_type", "alert_type"] as const).map((member) =>
  T.Object({ timestamp: T.Union([T.Number(), T.String()]), [member]: T.String({ pattern: "\\S" }) }),
);

/** What Cloud Exchange's Log Shipper makes of a record for Elastic: nested, the record's members in places of its own. */
const ShippedEvent = T.Object({ netskope: T.Object({ events: T.Object({}) }) });
const ShippedAlert = T.Object({ netskope: T.Object({ alerts: T.Object({}) }) });

/** A row of the transaction log, by its column names. */
const Transaction = T.Object({ "x-cs-timestamp": T.Unknown(), "x-type": T.Unknown() });

/**
 * Netskope: admin audit log, alerts and events of the REST API v2 and of Log Streaming, what Cloud Exchange ships to Elastic,
 * and the transaction log.
 * Vendor pages: docs.netskope.com "Using the REST API v2 dataexport Iterator Endpoints", "Transaction Event Fields".
 */
export const netskope = defineAdapter({
  name: "netskope",
  source: "NetskopeCloudExchange",
  displayName: "Netskope Cloud Exchange",
  record: T.Union([AuditRecord, ...PlainRecords, ShippedEvent, ShippedAlert, Transaction]),
  countsOccurrences: true,
  split: netskopeRecords,
  formats,
  poll: async () => (await import("./poll.ts")).poll,

  eventId: (record, { origin }) => {
    const { id } = netskopeId(record);
    return id === undefined ? contentId(record, origin.occurrence, "netskope") : idFrom(id);
  },

  toEvent: (record, { id }) => {
    const take = taking(record);
    return {
      version: "2",
      ...variantOf(record)(record, take),
      UID: netskopeId(record).uid ?? id,
      additionalEventData: take.rest(),
    };
  },
});

function variantOf(record: unknown): typeof plain {
  if (valueAt(record, "x-cs-timestamp") !== undefined && valueAt(record, "x-type") !== undefined) return transaction;
  const inner = valueAt(record, "netskope", "events") ?? valueAt(record, "netskope", "alerts");
  return inner !== undefined && valueAt(record, "audit_log_event") === undefined ? shipped : plain;
}
