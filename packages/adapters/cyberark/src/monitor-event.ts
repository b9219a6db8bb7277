import { compact, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import type { Told } from "./told.ts";

/** Telemetry of the Vault server, for those who switch the rule that drops it off. */
export function monitorEvent(record: unknown, told: Told): EventData {
  const when = eventTime([valueAt(record, "monitor_record", "IsoTimestamp"), valueAt(record, "header", "time")], told);
  return {
    version: textAt(record, "monitor_record", "Version") ?? "0",
    userIdentity: { type: "System", principalId: textAt(record, "monitor_record", "Hostname") ?? "unknown" },
    eventSource: "cyberark.vault",
    eventName: "monitor_record",
    eventTime: when.eventTime,
    UID: told.id,
    additionalEventData: compact({ eventTimeFrom: when.eventTimeFrom, ...taking(record).rest() }),
  };
}
