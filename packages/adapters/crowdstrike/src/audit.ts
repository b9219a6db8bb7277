import { compact, textAt, truncate, valueAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { firstAddress } from "./first-address.ts";
import { keyValues } from "./key-values.ts";
import type { Layout } from "./layout-of.ts";

/** What a user or an API client did in Falcon: AuthActivity-, UserActivity- and APIActivityAuditEvent. */
export function audit(
  record: unknown,
  take: Taking,
  { body, eventType, cid }: Layout,
): Omit<EventData, "version" | "eventSource" | "eventTime" | "UID"> {
  const event = valueAt(record, ...body);
  const given = valueAt(event, "Attributes");
  const values = keyValues(event, take, body);
  /** A parameter: `Attributes` is the newer twin of AuditKeyValues, and the two can disagree. */
  const parameter = (key: string) => textAt(given, key) ?? textAt(values, key);
  /** To the top of additionalEventData, unless the record has a member of that name there. */
  const hoisted = (key: string) => (body.length > 0 && valueAt(record, key) !== undefined ? undefined : scalar(key));
  /** A text, number or boolean as it is. Anything else stays in the rest, at its own path. */
  const scalar = (...path: readonly string[]) =>
    textAt(event, ...path) === undefined ? undefined : take.value(...body, ...path);
  const attributes = Object.keys(given ?? {}).map((key) => [key, scalar("Attributes", key)] as const);
  const user = take.text(...body, "UserId");
  const success = textAt(event, "Success")?.toLowerCase();
  const status = parameter("status_code");
  const actor = parameter("actor_user");
  const clientId = parameter("APIClientID");
  const message = textAt(event, "Message");
  const failed = success === "false";
  return {
    userIdentity: {
      type: user === undefined || user.startsWith("API:") ? "APIClient" : "User",
      principalId: user ?? actor ?? clientId ?? "unknown",
      details: compact({
        cid,
        actor_user: actor,
        actor_user_uuid: parameter("actor_user_uuid"),
        APIClientID: clientId,
        actor_cid: parameter("actor_cid"),
      }),
    },
    userAgent: parameter("user_agent"),
    eventName: take.text(...body, "OperationName") ?? eventType,
    ...(failed && { errorCode: status === undefined ? "Failure" : `Failure:${truncate(status, 200)}` }),
    ...(failed && message !== undefined && { errorMessage: truncate(message, 256) }),
    sourceIPAddress:
      firstAddress(record, take, [
        [...body, "UserIp"],
        [...body, "SourceIp"],
        [...body, "Attributes", "user_ip"],
      ]) ?? firstAddress(values, undefined, [["user_ip"]]),
    requestParameters: compact({ AuditKeyValues: values, Attributes: compact(Object.fromEntries(attributes)) }),
    responseElements: compact({ Success: scalar("Success"), status_code: status }),
    additionalEventData: compact({ ServiceName: hoisted("ServiceName"), UTCTimestamp: hoisted("UTCTimestamp") }),
  };
}
