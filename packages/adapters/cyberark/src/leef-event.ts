import { compact, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { isSystem } from "./is-system.ts";
import { sourceOf } from "./source-of.ts";
import type { Told } from "./told.ts";
import { vaultFailure } from "./vault-failure.ts";

/** A record of the Vault or of PTA as LEEF. Vendor pages: "LEEF-Based Format Definition", the translator LEEF.xsl. */
export function leefEvent(record: unknown, told: Told): EventData {
  const take = taking(record);
  const of = (key: string) => textAt(record, "attributes", key);
  const textOf = (key: string) => take.text("attributes", key);
  const at = (key: string) => take.value("attributes", key);
  const source = sourceOf(record);
  const isVault = source === "cyberark.vault";
  const code = take.text("eventId");
  const severity = textOf("sev");
  // Of PTA's records usrName is the account that was used, suser is who used it.
  const user = textOf(isVault ? "usrName" : "suser") ?? textOf("SourceUser");
  const description = of("EventMessage");
  const failure = isVault
    ? vaultFailure({ code, description, isError: severity !== undefined && Number(severity) <= 3 }, of("Reason"))
    : {};
  const when = eventTime([of("devTime"), valueAt(record, "header", "time")], told);
  return {
    version: take.text("version") ?? "0",
    userIdentity: {
      type: isSystem(user) ? "System" : "User",
      principalId: user ?? "unknown",
      details: compact({
        sourceUser: of("SourceUser"),
        targetUser: of("TargetUser"),
        osUser: textOf("OSUser"),
        station: of("src"),
        gatewayStation: textOf("GatewayStation"),
      }),
    },
    eventSource: source,
    eventName: textOf("EventMessage") ?? textOf("Action") ?? textOf("cat") ?? `MessageID ${code}`,
    eventTime: when.eventTime,
    UID: told.id,
    requestParameters: compact({
      Safe: at("Safe"),
      File: at("File"),
      Category: at("Category"),
      RequestId: at("RequestId"),
      TargetUser: at("TargetUser"),
      ExtraDetails: at("ExtraDetails"),
      CAPolicy: at("CAPolicy"),
      dhost: at("dhost"),
      dst: at("dst"),
      duser: at("duser"),
      usrName: at("usrName"),
      app: at("app"),
      externalId: at("externalId"),
      typed: take.value("typed"),
    }),
    responseElements: compact({ Reason: at("Reason"), Severity: severity }),
    errorCode: failure.errorCode,
    errorMessage: failure.errorMessage,
    sourceIPAddress: take.ipAddress("attributes", "src"),
    additionalEventData: compact({
      MessageID: code,
      Hostname: textAt(record, "header", "host"),
      Version: textAt(record, "version"),
      eventTimeFrom: when.eventTimeFrom,
      ...take.rest(),
    }),
  };
}
