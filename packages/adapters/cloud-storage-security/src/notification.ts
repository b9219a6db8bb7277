import { compact, Refused, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData, JsonObject, Taking } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { scan } from "./scan.ts";
import { theConsole } from "./the-console.ts";

/** An SNS message as an event. Throws `SNS_HANDSHAKE` for the messages that only confirm a subscription or its end. */
export function notification(record: unknown, take: Taking, id: string): EventData {
  if (textAt(record, "Type") !== "Notification")
    throw new Refused(
      "SNS_HANDSHAKE",
      "This message of SNS confirms a subscription or its end; it is no notification.",
      "/Type",
    );
  const attribute = (name: string) => take.text("MessageAttributes", name, "Value");
  const result = attribute("scanResult");
  return {
    version: "1",
    userIdentity: theConsole,
    eventSource: "cloudstoragesec.com",
    ...(result === undefined
      ? { eventName: attribute("notificationType") ?? "Notification" }
      : scan(textAt(record, "MessageAttributes", "notificationType", "Value") ?? "scanResult", result)),
    eventTime: eventTime(record, take, "Timestamp"),
    UID: take.text("MessageId") ?? id,
    requestParameters: compact({ bucket: attribute("bucket"), account: attribute("account") }),
    additionalEventData: withMessage(take),
  };
}

/** The rest with the message as `message`; where the record has a member of that name too, each keeps its own. */
function withMessage(take: Taking): JsonObject | undefined {
  const message = take.value("Message");
  const rest = take.rest();
  if (message === undefined) return rest;
  return valueAt(rest, "message") === undefined ? { message, ...rest } : { Message: message, ...rest };
}
