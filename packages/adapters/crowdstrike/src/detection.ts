import { compact, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { firstAddress } from "./first-address.ts";
import type { Layout } from "./layout-of.ts";

/** Whom a detection, summary or notification is about: an account where it names one, else the sensor, else the tenant. */
const principals = [
  "UserName",
  "SourceAccountUpn",
  "SourceAccountName",
  "UserID",
  "UserUUID",
  "AgentId",
  "SensorId",
  "AgentIdString",
  "DeviceId",
  "HostID",
  "aid",
];
const hosts = ["Hostname", "ComputerName", "HostName", "HostnameField", "EndpointName", "SourceEndpointHostName"];
const addresses = ["LocalIP", "LocalIPv6", "SourceEndpointIpAddress", "EndpointIp", "LocalAddress", "aip"];
/** Of these a person is the author, not a sensor. */
const authored = /^(?:RemoteResponseSession|ScheduledReport)/;

/** Endpoint, identity, mobile and XDR detections, incidents, firewall matches, sessions and reports; also lines without an event. */
export function detection(
  record: unknown,
  take: Taking,
  { body, eventType, cid }: Layout,
): Omit<EventData, "version" | "eventSource" | "eventTime" | "UID"> {
  const event = valueAt(record, ...body);
  const first = (keys: readonly string[]) => {
    const key = keys.find((candidate) => textAt(event, candidate) !== undefined);
    return key === undefined ? undefined : take.text(...body, key);
  };
  return {
    userIdentity: {
      type: authored.test(eventType) ? "User" : "Sensor",
      principalId: first(principals) ?? cid ?? "unknown",
      details: compact({ cid, hostname: first(hosts) }),
    },
    eventName: eventType,
    sourceIPAddress: firstAddress(
      record,
      take,
      addresses.map((key) => [...body, key]),
    ),
    responseElements: compact({
      SeverityName: take.text(...body, "SeverityName"),
      DetectId: first(["DetectId", "CompositeId", "IdentityProtectionIncidentId"]),
    }),
  };
}
