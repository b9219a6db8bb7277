import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { auditServiceEvent } from "./audit-service-event.ts";
import { cefEvent } from "./cef-event.ts";
import { formats } from "./formats.ts";
import { leefEvent } from "./leef-event.ts";
import { monitorEvent } from "./monitor-event.ts";
import { MappingOptions } from "./options.ts";
import { ptaApiEvent } from "./pta-api-event.ts";
import { cyberarkRecords } from "./records.ts";
import type { Told } from "./told.ts";
import { vaultEvent } from "./vault-event.ts";

const Filled = T.String({ pattern: "\\S" });
const Vendor = T.String({ pattern: "^Cyber-?Ark$" });

/** In this order: what is recognised as one is not looked at as the next. */
const kinds = {
  /** An audit_record of the Vault, as JSON or XML. */
  vault: { record: T.Object({ MessageID: T.Union([Filled, T.Integer()]) }), toEvent: vaultEvent },
  /** Telemetry of the Vault server. */
  monitor: { record: T.Object({ monitor_record: T.Object({}) }), toEvent: monitorEvent },
  /** The Vault's or PTA's record as CEF, as `syslogLine` reads it. */
  cef: { record: T.Object({ cef: T.String(), vendor: Vendor }), toEvent: cefEvent },
  leef: { record: T.Object({ leef: T.String(), vendor: Vendor }), toEvent: leefEvent },
  /** A record of the Audit service. */
  audit: { record: T.Object({ uuid: Filled, auditCode: T.Unknown() }), toEvent: auditServiceEvent },
  /** A security event of PTA's REST API. */
  pta: {
    record: T.Object({ id: Filled, type: Filled, createTime: T.Unknown(), score: T.Unknown() }),
    toEvent: ptaApiEvent,
  },
} as const;

/** The one of {@link kinds} that a record is. */
function kindOf(record: unknown): keyof typeof kinds {
  if (valueAt(record, "MessageID") !== undefined) return "vault";
  if (valueAt(record, "monitor_record") !== undefined) return "monitor";
  if (valueAt(record, "cef") !== undefined) return "cef";
  if (valueAt(record, "leef") !== undefined) return "leef";
  return valueAt(record, "uuid") === undefined ? "pta" : "audit";
}

/**
 * CyberArk: the Vault's syslog in each of its translations (JSON, CEF, LEEF, XML), PTA's events, and the records of the
 * Audit service of the Identity Security Platform.
 * Vendor pages: docs.cyberark.com, "Create a Custom XSL Translator File", "Vault Audit Action Codes", "CEF-Based Format
 * Definition", "SIEM integration API".
 */
export const cyberark = defineAdapter({
  name: "cyberark",
  source: "CyberArk",
  displayName: "CyberArk",
  record: T.Union(Object.values(kinds).map(({ record }) => record)),
  options: MappingOptions,
  countsOccurrences: true,
  /** `typed` is what a user typed in a recorded session, which may be a password; `command` is the Audit service's. */
  secrets: ["/typed", "/command"],
  drops: { monitor: "CPU, memory and transaction counts of the Vault server: nothing that anybody did." },
  drop: (record) => (kindOf(record) === "monitor" ? "monitor" : undefined),
  split: cyberarkRecords,
  formats,

  eventId: (record, { origin }) => {
    const kind = kindOf(record);
    if (kind === "audit") return idFrom(`${textAt(record, "uuid")}`);
    if (kind === "pta") return idFrom(`${textAt(record, "id")}-${textAt(record, "lastUpdateTime") ?? "0"}`);
    return contentId(record, origin.occurrence, "cyberark");
  },

  toEvent: (record, { id, options, origin }): EventData => {
    const told: Told = { id, origin, zone: options.zone };
    return kinds[kindOf(record)].toEvent(record, told);
  },

  poll: async () => (await import("./poll.ts")).poll,
});
