import { compact, textAt } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { scan } from "./scan.ts";
import { theConsole } from "./the-console.ts";

/**
 * An event of the EventBridge bus as an event. The envelope is EventBridge's; its `detail` is not published, and is read as if
 * it named what the attributes of the SNS messages name.
 */
export function busEvent(record: { readonly "detail-type": string }, take: Taking, id: string): EventData {
  const result = take.text("detail", "scanResult");
  if (result === undefined) take.text("detail-type");
  return {
    version: take.text("version") ?? "1",
    userIdentity: theConsole,
    eventSource: "cloudstoragesec.com",
    ...(result === undefined
      ? { eventName: record["detail-type"] }
      : scan(textAt(record, "detail", "notificationType") ?? "scanResult", result)),
    eventTime: eventTime(record, take, "time"),
    UID: take.text("id") ?? id,
    requestParameters: compact({ bucket: take.value("detail", "bucket"), account: take.value("detail", "account") }),
    additionalEventData: take.rest(),
  };
}
