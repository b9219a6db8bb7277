import { compact, isObject, Refused, taking, textAt, utcSeconds } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { asObject } from "./as-object.ts";
import { isV1, takeId } from "./spellings.ts";

/**
 * The event of an audit log record of the REST API or the v1 API. `id` is the event's id: Snyk gives none. Throws
 * {@link Refused} `TIME_UNREADABLE` without a readable `created`, `RECORD_NOT_RECOGNISED` for a blank event.
 */
export function auditEvent(record: { readonly created?: unknown }, id: string): EventData {
  const take = taking(record);
  const org_id = takeId(record, take, "org");
  const group_id = takeId(record, take, "group");
  const user = takeId(record, take, "user");
  const after = take.value("content", "after");
  const eventName = take.text("event");
  if (eventName === undefined)
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      "The event of the record is blank: it says not what happened.",
      "/event",
    );
  const project_id = takeId(record, take, "project");
  const { content, ...others } = asObject(take.rest());
  const requestParameters = isObject(content) ? compact(content) : compact({ content });
  return {
    version: isV1(record) ? "v1" : "2024-04-29",
    userIdentity: {
      type: user === undefined ? "System" : "User",
      principalId: user ?? "system",
      details: compact({
        orgId: org_id,
        groupId: group_id,
        serviceAccountPublicId: textAt(record, "content", "serviceAccountPublicId"),
      }),
    },
    eventSource: "snyk",
    eventName,
    eventTime: utcSeconds(record.created),
    UID: id,
    requestParameters,
    responseElements: compact({ after }),
    additionalEventData: compact({
      org_id,
      group_id,
      project_id,
      // An empty object is no member of an event's requestParameters.
      content: requestParameters === undefined ? content : undefined,
      ...others,
    }),
  };
}
