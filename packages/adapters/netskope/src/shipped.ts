import { compact, ipAddress, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";
import { failure } from "./failure.ts";
import { firstAddress } from "./first-address.ts";
import { endpointName } from "./endpoint-name.ts";
import { eventSourceOf } from "./event-source-of.ts";
import type { Kind } from "./kind-of.ts";
import { knowing } from "./knowing.ts";
import { knownAt } from "./known-at.ts";
import type { Mapped } from "./plain.ts";
import { restCall } from "./rest-call.ts";
import { supportingData } from "./supporting-data.ts";

/**
 * A record as Cloud Exchange's Log Shipper writes it for Elastic: its members in `netskope.events` or `netskope.alerts`, others
 * in places of the Elastic schema, lists and objects as Python prints them.
 */
export function shipped(record: unknown, take: Taking): Mapped {
  const known = knowing(record, take);
  const family = valueAt(record, "netskope", "events") === undefined ? "alerts" : "events";
  const root = ["netskope", family] as const;
  const kind: Kind =
    family === "events"
      ? { family: "event", type: endpointName(knownAt(record, ...root, "event_type") ?? "other") }
      : { family: "alert", type: endpointName(knownAt(record, ...root, "type") ?? "policy") };
  const text = known(...root, "audit", "log", "event");
  const data = supportingData(valueAt(record, ...root, "supporting_data"));
  const call = restCall(data.values);
  const principalId = known("user", "email", "1") ?? known("user", "email", "2") ?? known("user", "email") ?? "unknown";
  return {
    userIdentity: {
      type: kind.type === "audit" ? (principalId === "service-account" ? "ServiceAccount" : "AdminUser") : "User",
      principalId,
      details: compact({
        organization_unit: known(...root, "organization_unit") ?? known(...root, "organization", "unit"),
        access_method: known(...root, "access_method"),
      }),
    },
    userAgent: known("user_agent", "original") ?? agentOf(record),
    eventSource: eventSourceOf(kind),
    eventName: text ?? nameOf(record, root, kind),
    eventTime: utcSeconds(valueAt(record, "@timestamp")),
    ...failure(text, call),
    requestParameters: compact({ supporting_data: data.value, method: call?.method, path: call?.path }),
    responseElements: compact({ status: call?.status }),
    sourceIPAddress:
      ipAddress(valueAt(record, "source", "ip")) ??
      ipAddress(valueAt(record, ...root, "user", "ip")) ??
      firstAddress(data.values),
  };
}

function agentOf(record: unknown): string | undefined {
  const name = knownAt(record, "user_agent", "name");
  const version = knownAt(record, "user_agent", "version");
  return name === undefined || version === undefined ? name : `${name} ${version}`;
}

function nameOf(record: unknown, root: readonly string[], { family, type }: Kind): string {
  const done = knownAt(record, ...root, "activity", "name") ?? knownAt(record, ...root, "alarm", "name");
  if (family === "event" && done !== undefined) return done;
  const action = knownAt(record, ...root, "action") ?? knownAt(record, "event", "action");
  const name = (family === "alert" ? textAt(record, ...root, "type") : undefined) ?? type;
  return action === undefined ? name : `${name}:${action}`;
}
