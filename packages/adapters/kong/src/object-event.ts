import { compact, taking } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import type { Static } from "@sinclair/typebox";
import { auditTime } from "./audit-time.ts";
import type { Kind } from "./kind-of.ts";
import type { options } from "./options.ts";

/** A row that a call of the Admin API changed. Who called is in the request of the same `request_id`. */
export function objectEvent(
  record: unknown,
  { operation, table }: Extract<Kind, { kind: "object" }>,
  id: string,
  settings: Static<typeof options>,
): EventData {
  const take = taking(record);
  return {
    version: settings.version ?? "1",
    userIdentity: { type: "Unknown", principalId: "unknown" },
    eventSource: "kong-gateway",
    eventName: `${operation}${capitalised(table)}`,
    eventTime: auditTime(record, settings.recordTtlSeconds),
    UID: take.text("id") ?? id,
    requestParameters: compact({ entity_key: take.value("entity_key"), request_id: take.value("request_id") }),
    responseElements: compact({ entity: take.value("entity") }),
    additionalEventData: compact({ konghostname: settings.konghostname, ...take.rest() }),
  };
}

/** `keyauth_credentials` as `KeyauthCredentials`. */
function capitalised(name: string): string {
  return name
    .split("_")
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join("");
}
