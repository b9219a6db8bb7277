import { compact, taking, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { isSystem } from "./is-system.ts";

/** A record of the Audit service (SIEM integration API): Identity, Privilege Cloud and the platform's other services. */
export function auditServiceEvent(record: unknown): EventData {
  const take = taking(record);
  const username = take.text("username");
  const application = take.text("applicationCode");
  const outcome = take.text("auditType");
  const failed = /^(?:error|failure|failed)$/i.test(`${outcome}`);
  return {
    version: "1",
    userIdentity: {
      type: take.text("identityType") ?? (isSystem(username) ? "System" : "User"),
      principalId: take.text("userId") ?? username ?? "unknown",
      details: compact({ username, tenantId: take.text("tenantId"), applicationCode: application }),
    },
    userAgent: textAt(record, "customData", "request_user_agent"),
    eventSource: `cyberark.${(application ?? "audit").slice(0, 128).toLowerCase()}`,
    eventName: take.text("action") ?? textAt(record, "auditCode") ?? "unknown",
    eventTime: utcSeconds(valueAt(record, "timestamp")),
    UID: `${take.text("uuid")}`,
    requestParameters: compact({
      actionType: take.value("actionType"),
      safe: take.value("safe"),
      target: take.value("target"),
      targetPlatform: take.value("targetPlatform"),
      targetAccount: take.value("targetAccount"),
      accountId: take.value("accountId"),
      accountName: take.value("accountName"),
      accessMethod: take.value("accessMethod"),
      sessionId: take.value("sessionId"),
      command: take.value("command"),
      customData: take.value("customData"),
    }),
    responseElements: compact({ message: take.value("message"), auditType: outcome }),
    errorCode: failed ? outcome : undefined,
    errorMessage: failed ? textAt(record, "message") : undefined,
    sourceIPAddress: take.ipAddress("source"),
    additionalEventData: take.rest(),
  };
}
