import { compact, textAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { firstAddress } from "./first-address.ts";
import type { Layout } from "./layout-of.ts";

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
