import { compact, textAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { firstAddress } from "./first-address.ts";
import type { Layout } from "./layout.ts";

/** Accounts of a host that signed in or out or were changed, and what the customer's own rules detected. */
const kept = /^(?:User(?:Logon|Logoff|Account)|CustomIOA\w{0,64}DetectionInfoEvent$)/;

/** Telemetry that tells what an account did, or a detection: it is mapped, the rest is dropped by rule. */
export function isKeptTelemetry(name: string): boolean {
  return kept.test(name);
}

/** A replicated line of sensor telemetry: an account's, a detection's, or any for those who switch the drop rule off. */
export function telemetry(
  record: unknown,
  take: Taking,
  { eventType, cid }: Layout,
): Omit<EventData, "version" | "eventSource" | "eventTime" | "UID"> {
  const aid = take.text("aid");
  return {
    userIdentity: {
      type: "Sensor",
      principalId: take.text("UserName") ?? aid ?? cid ?? "unknown",
      details: compact({ cid, aid, hostname: textAt(record, "ComputerName") }),
    },
    eventName: eventType,
    ...(eventType.startsWith("UserLogonFailed") && { errorCode: "Failure" }),
    sourceIPAddress: firstAddress(record, take, [["aip"]]),
  };
}
