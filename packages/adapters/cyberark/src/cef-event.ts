import { compact, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { isSystem } from "./is-system.ts";
import { sourceOf } from "./source-of.ts";
import type { Told } from "./told.ts";
import { vaultFailure } from "./vault-failure.ts";

/** A record of the Vault or of PTA as CEF. Vendor pages: "CEF-Based Format Definition", the translator ArcSight.sample.xsl. */
export function cefEvent(record: unknown, told: Told): EventData {
  const take = taking(record);
  const of = (key: string) => textAt(record, "extensions", key);
  const textOf = (key: string) => take.text("extensions", key);
  const at = (key: string) => take.value("extensions", key);
  const source = sourceOf(record);
  const isVault = source === "cyberark.vault";
  const code = take.text("signatureId");
  const severity = take.text("severity");
  // PTA writes None where it knows nobody.
  const user = of("suser") === "None" ? undefined : textOf("suser");
  const station = of("shost") === "None" ? undefined : of("shost");
  const failure = isVault
    ? vaultFailure({ code, description: textAt(record, "name"), isError: Number(severity) >= 7 }, of("reason"))
    : {};
  const when = eventTime(
    [
      of("IsoTimestamp"),
      of("rt"),
      of("start"),
      of("DetectionDate") ?? of("detectionDate") ?? of("deviceCustomDate1"),
      valueAt(record, "header", "time"),
    ],
    told,
  );
  return {
    version: take.text("version") ?? "0",
    userIdentity: {
      type: isSystem(user) ? "System" : "User",
      principalId: user ?? "unknown",
      details: compact({ targetUser: of("Affected User Name"), station }),
    },
    eventSource: source,
    eventName: take.text("name") ?? textOf("act") ?? `MessageID ${code}`,
    eventTime: when.eventTime,
    UID: told.id,
    requestParameters: compact({
      Safe: at("Safe Name"),
      File: at("fname"),
      RequestId: at("Request Id"),
      TicketId: at("Ticket Id"),
      TargetUser: at("Affected User Name"),
      DeviceType: at("Device Type"),
      Database: at("Database"),
      OtherInfo: at("Other info"),
      dhost: at("dhost"),
      dst: at("dst"),
      duser: at("duser"),
      app: at("app"),
      externalId: at("externalId"),
      typed: take.value("typed"),
    }),
    responseElements: compact({ Reason: at("reason"), Severity: severity, Message: at("msg") }),
    errorCode: failure.errorCode,
    errorMessage: failure.errorMessage,
    sourceIPAddress: take.ipAddress("extensions", "src") ?? take.ipAddress("extensions", "shost"),
    additionalEventData: compact({
      MessageID: code,
      Hostname: textAt(record, "header", "host"),
      Version: textAt(record, "version"),
      eventTimeFrom: when.eventTimeFrom,
      ...take.rest(),
    }),
  };
}
