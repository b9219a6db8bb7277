import {
  compact,
  isObject,
  readUtcSeconds,
  Refused,
  taking,
  textAt,
  utcSeconds,
  valueAt,
} from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { asObject } from "./as-object.ts";
import { isSnapshot } from "./kinds.ts";

/**
 * The event of a webhook delivery: `event`, `transportId` and `timestamp` are the headers X-Snyk-Event, X-Snyk-Transport-ID
 * and X-Snyk-Timestamp, `payload` is the body. A body alone is a project_snapshot, at the time of the project's last test.
 * Throws {@link Refused} `WEBHOOK_PAYLOAD` for another body alone, `TIME_UNREADABLE` without a time.
 * Vendor page: docs.snyk.io, "Webhook events and payloads".
 */
export function webhookEvent(record: unknown, id: string): EventData {
  const payload = valueAt(record, "payload");
  const told = textAt(record, "event") ?? (isSnapshot(payload) ? "project_snapshot/v0" : undefined);
  if (told === undefined)
    throw new Refused(
      "WEBHOOK_PAYLOAD",
      "This webhook payload does not tell its event, which stands in the header X-Snyk-Event: wrap it as the README of the adapter shows.",
      "/event",
    );
  const slash = told.indexOf("/");
  const take = taking(record);
  const transport = take.text("transportId");
  const { payload: left, ...others } = asObject(take.rest());
  const requestParameters = isObject(left) ? compact(left) : undefined;
  return {
    version: slash > 0 && slash < told.length - 1 ? told.slice(slash + 1) : "v0",
    userIdentity: {
      // A test that Snyk runs by itself, or that anybody asked for: the payload names nobody.
      type: "System",
      principalId: "system",
      details: compact({
        orgId: textAt(payload, "org", "id"),
        groupId: textAt(payload, "group", "id"),
      }),
    },
    eventSource: "snyk.webhook",
    eventName: slash > 0 ? told.slice(0, slash) : told,
    eventTime:
      readUtcSeconds(valueAt(record, "timestamp")) ?? utcSeconds(valueAt(payload, "project", "lastTestedDate")),
    UID: transport ?? id,
    requestParameters,
    additionalEventData: compact({
      org_id: textAt(payload, "org", "id"),
      group_id: textAt(payload, "group", "id"),
      project_id: textAt(payload, "project", "id"),
      payload: requestParameters === undefined ? left : undefined,
      ...others,
    }),
  };
}
