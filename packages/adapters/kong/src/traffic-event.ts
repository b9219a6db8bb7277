import { compact, taking, textAt, utcSeconds, valueAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import type { Static } from "@sinclair/typebox";
import { callName } from "./call-name.ts";
import { failure } from "./failure.ts";
import type { options } from "./options.ts";

/**
 * A request that the gateway proxied, as http-log, file-log and the other log plugins write it. Not the audit log: it says
 * who used the services behind the gateway.
 */
export function trafficEvent(record: unknown, id: string, settings: Static<typeof options>): EventData {
  const take = taking(record);
  const consumer =
    take.text("consumer", "id") ??
    textAt(record, "consumer", "username") ??
    textAt(record, "authenticated_entity", "consumer_id");
  const credential = textAt(record, "authenticated_entity", "id");
  const type = credential === undefined ? "Anonymous" : "Credential";
  return {
    version: settings.version ?? "1",
    userIdentity: {
      type: consumer === undefined ? type : "Consumer",
      principalId: consumer ?? credential ?? "anonymous",
      details: compact({
        userName: textAt(record, "consumer", "username"),
        customId: textAt(record, "consumer", "custom_id"),
        credentialId: credential,
      }),
    },
    userAgent:
      textAt(record, "request", "headers", "user-agent") ?? textAt(record, "request", "headers", "user-agent", 0),
    eventSource: "kong-gateway.http-log",
    eventName: callName(textAt(record, "request", "method") ?? "", textAt(record, "request", "uri") ?? "/"),
    eventTime: utcSeconds(valueAt(record, "started_at")),
    UID: textAt(record, "request", "id") ?? id,
    requestParameters: take.object("request"),
    responseElements: take.object("response"),
    errorCode: failure(textAt(record, "response", "status")),
    sourceIPAddress: take.ipAddress("client_ip"),
    additionalEventData: compact({ konghostname: settings.konghostname, ...take.rest() }),
  };
}
