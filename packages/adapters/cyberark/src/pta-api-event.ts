import { compact, taking, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import type { Told } from "./told.ts";

/**
 * A security event of PTA's REST API. PTA changes an event under its id (status, further audits): each state is an event
 * of its own, at the time of the change. Vendor page: docs.cyberark.com, "Get security events".
 */
export function ptaApiEvent(record: unknown, { id }: Told): EventData {
  const take = taking(record);
  const changed = valueAt(record, "lastUpdateTime");
  return {
    version: "1",
    userIdentity: {
      type: "User",
      principalId: textAt(record, "audits", 0, "vaultUser") ?? "unknown",
    },
    eventSource: "cyberark.pta",
    eventName: `${take.text("type")}`,
    eventTime: utcSeconds(changed ?? valueAt(record, "createTime")),
    UID: id,
    requestParameters: compact({ id: take.value("id"), audits: take.value("audits") }),
    responseElements: compact({ score: take.value("score"), mStatus: take.value("mStatus") }),
    sourceIPAddress: take.ipAddress("audits", 0, "source", "mOriginalAddress"),
    additionalEventData: take.rest(),
  };
}
