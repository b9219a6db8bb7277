import { compact, taking, textAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import type { Static } from "@sinclair/typebox";
import { auditTime } from "./audit-time.ts";
import { callName } from "./call-name.ts";
import { failure } from "./failure.ts";
import type { Kind } from "./kind-of.ts";
import type { options } from "./options.ts";
import { requestParameters } from "./request-parameters.ts";

/** A call of the Admin API. Kong Manager's login is `GET/auth`, its logout `DELETE/auth`. */
export function requestEvent(
  record: unknown,
  { method, path }: Extract<Kind, { kind: "request" }>,
  id: string,
  settings: Static<typeof options>,
): EventData {
  const take = taking(record);
  const user = take.text("rbac_user_id");
  return {
    version: settings.version ?? "1",
    userIdentity: {
      type: user === undefined ? "Anonymous" : "RBACUser",
      principalId: user ?? "anonymous",
      details: compact({
        userName: take.text("rbac_user_name"),
        requestSource: textAt(record, "request_source"),
        workspace: textAt(record, "workspace"),
      }),
    },
    eventSource: "kong-gateway",
    eventName: callName(method, path),
    eventTime: auditTime(record, settings.recordTtlSeconds),
    UID: take.text("request_id") ?? id,
    requestParameters: requestParameters(take.value("payload"), path),
    errorCode: failure(textAt(record, "status")),
    sourceIPAddress: take.ipAddress("client_ip"),
    // method, path, status, workspace, signature and the others by the names they have.
    additionalEventData: compact({ konghostname: settings.konghostname, ...take.rest() }),
  };
}
