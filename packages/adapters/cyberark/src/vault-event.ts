import { compact, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { isSystem } from "./is-system.ts";
import type { Told } from "./told.ts";
import { vaultFailure } from "./vault-failure.ts";

/** An audit_record of the Vault, as JSON or XML. Vendor page: "Create a Custom XSL Translator File". */
export function vaultEvent(record: unknown, told: Told): EventData {
  const take = taking(record);
  const code = take.text("MessageID");
  const issuer = take.text("Issuer");
  const severity = take.text("Severity");
  const description = textAt(record, "Desc");
  const failure = vaultFailure(
    { code, description, isError: /^(?:error|critical)$/i.test(`${severity}`) },
    textAt(record, "Reason"),
  );
  const when = eventTime(
    [valueAt(record, "IsoTimestamp"), valueAt(record, "header", "time"), valueAt(record, "Timestamp")],
    told,
  );
  return {
    version: textAt(record, "Version") ?? "0",
    userIdentity: {
      type: isSystem(issuer ?? textAt(record, "SourceUser")) ? "System" : "User",
      principalId: issuer ?? textAt(record, "SourceUser") ?? "unknown",
      details: compact({
        sourceUser: take.text("SourceUser"),
        targetUser: textAt(record, "TargetUser"),
        osUser: take.text("OSUser"),
        station: textAt(record, "Station"),
        gatewayStation: take.text("GatewayStation"),
      }),
    },
    eventSource: "cyberark.vault",
    eventName: take.text("Desc") ?? take.text("Action") ?? `MessageID ${code}`,
    eventTime: when.eventTime,
    UID: told.id,
    requestParameters: compact({
      Safe: take.value("Safe"),
      File: take.value("File"),
      Category: take.value("Category"),
      RequestId: take.value("RequestId"),
      TargetUser: take.value("TargetUser"),
      ExtraDetails: take.value("ExtraDetails"),
      CAProperties: take.value("CAProperties"),
      PvwaDetails: take.value("PvwaDetails"),
      typed: take.value("typed"),
    }),
    responseElements: compact({ Reason: take.value("Reason"), Severity: severity }),
    errorCode: failure.errorCode,
    errorMessage: failure.errorMessage,
    sourceIPAddress: take.ipAddress("Station"),
    additionalEventData: compact({
      MessageID: code,
      // The record's own, which the rest has, wins.
      Hostname: textAt(record, "header", "host"),
      eventTimeFrom: when.eventTimeFrom,
      ...take.rest(),
    }),
  };
}
