import { compact, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { eventSourceOf } from "./event-source-of.ts";
import { kindOf } from "./kind-of.ts";
import type { Kind } from "./kind-of.ts";
import { knowing } from "./knowing.ts";
import { knownAt } from "./known-at.ts";
import { failure } from "./failure.ts";
import { firstAddress } from "./first-address.ts";
import { restCall } from "./rest-call.ts";
import { supportingData } from "./supporting-data.ts";

/** What a variant of records gives: all but what is the same for each. */
export type Mapped = Omit<EventData, "version" | "UID" | "additionalEventData">;

/** A record as the REST API and Log Streaming write it: flat. */
export function plain(record: unknown, take: Taking): Mapped {
  const known = knowing(record, take);
  const kind = kindOf(record);
  const text = known("audit_log_event");
  const data = supportingData(valueAt(record, "supporting_data"));
  // A text also stays in the rest, as it was.
  if (textAt(record, "supporting_data") === undefined) take.value("supporting_data");
  const call = restCall(data.values);
  const isAudit = kind.type === "audit";
  return {
    userIdentity: {
      type: isAudit ? administrator(record) : "User",
      principalId: known("user") ?? known("userkey") ?? known("acting_user") ?? "unknown",
      details: compact({
        ur_normalized: known("ur_normalized"),
        organization_unit: known("organization_unit"),
        sAMAccountName: known("sAMAccountName"),
        userPrincipalName: known("userPrincipalName"),
        access_method: known("access_method"),
      }),
    },
    userAgent: known("useragent") ?? browserOf(record),
    eventSource: eventSourceOf(kind),
    eventName: text ?? nameOf(record, kind),
    eventTime: utcSeconds(valueAt(record, "timestamp")),
    ...failure(text, call),
    requestParameters: compact({ supporting_data: data.value, method: call?.method, path: call?.path }),
    responseElements: compact({ status: call?.status }),
    sourceIPAddress:
      take.ipAddress("srcip") ?? take.ipAddress("userip") ?? (isAudit ? firstAddress(data.values) : undefined),
  };
}

/** Who acts in the console: Netskope's own staff and API tokens are marked. */
function administrator(record: unknown): string {
  if (textAt(record, "is_netskope_personnel")?.toLowerCase() === "true") return "NetskopePersonnel";
  return textAt(record, "user") === "service-account" ? "ServiceAccount" : "AdminUser";
}

/** The browser's name and version; "Native" is a program that is none. */
function browserOf(record: unknown): string | undefined {
  const browser = knownAt(record, "browser");
  const version = knownAt(record, "browser_version");
  return browser === undefined || version === undefined ? browser : `${browser} ${version}`;
}

/** An alert by its type and action (`malsite:block`), an event by what was done, else as an alert. */
function nameOf(record: unknown, { family, type }: Kind): string {
  const done = ["activity", "app_activity", "alarm_name"].map((member) => knownAt(record, member)).find(Boolean);
  if (family === "event" && done !== undefined) return done;
  const action = knownAt(record, "action");
  const name = knownAt(record, "alert_type") ?? type;
  return action === undefined ? name : `${name}:${action}`;
}
