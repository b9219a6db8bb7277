import { Type as T } from "@sinclair/typebox";
import { isArray, isObject, textAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { checkRepeated } from "../mapping/split-records.ts";
import type { BuiltIn } from "./built-in.ts";
import { foldParameters } from "./fold-parameters.ts";

/**
 * Activities of the Google Workspace Reports API: developers.google.com/admin-sdk/reports/v1/reference/activities/list.
 * An activity holds several events and becomes as many records, each with its number in `eventIndex`: the activity with
 * the event's members beside its own, `parameters` by name. Activities that were flattened so by others have no number,
 * and an id of their content.
 */
export const googleWorkspace: BuiltIn = {
  name: "google-workspace",
  displayName: "Google Workspace activity",
  record: T.Object({
    id: T.Object({ applicationName: T.String({ pattern: "\\S" }), time: T.Optional(T.Unknown()) }),
    name: T.Optional(T.String()),
    parameters: T.Optional(T.Unknown()),
  }),
  is: (value) => textAt(value, "id", "applicationName") !== undefined,
  read: (value) => (isObject(value) ? eventsOf(value) : [value]),
  mapping: {
    version: 1,
    name: "google-workspace",
    id: { all: ["/id/applicationName", "/id/time", "/id/uniqueQualifier", "/eventIndex"] },
    event: {
      userIdentity: {
        type: ["/actor/callerType", { const: "USER" }],
        principalId: ["/actor/email", "/actor/profileId", "/actor/key"],
      },
      eventSource: "{/id/applicationName}.workspace.google.com",
      eventName: ["/name", "/type"],
      eventTime: "/id/time",
      UID: ["{/id/uniqueQualifier}-{/id/time}-{/eventIndex}", "{/id/uniqueQualifier}-{/id/time}"],
      requestParameters: "/parameters",
      errorCode: [
        "/parameters/login_failure_type",
        { when: { "/name": "login_failure" }, use: { const: "login_failure" } },
      ],
      sourceIPAddress: "/ipAddress",
    },
  },
};

function eventsOf(activity: JsonObject): readonly Json[] {
  const { events, ...shell } = activity;
  const around = withFolded(shell);
  const isTaken = Object.hasOwn(around, "event") || Object.hasOwn(around, "eventIndex");
  if (!isArray(events) || events.length === 0 || isTaken) return [withFolded(activity)];
  checkRepeated(around, events.length, "/events");
  return events.map((event, eventIndex) => {
    if (!isObject(event)) return { ...around, event, eventIndex };
    const members = Object.entries(withFolded(event));
    const isOwn = ([key]: readonly [string, Json]) =>
      !Object.hasOwn(around, key) && key !== "event" && key !== "eventIndex";
    const clashing = members.filter((member) => !isOwn(member));
    const own = { ...around, ...Object.fromEntries(members.filter(isOwn)), eventIndex };
    // What the activity has too stands apart.
    return clashing.length === 0 ? own : { ...own, event: Object.fromEntries(clashing) };
  });
}

function withFolded(event: JsonObject): JsonObject {
  const { parameters } = event;
  return isArray(parameters) ? { ...event, parameters: foldParameters(parameters) } : event;
}
