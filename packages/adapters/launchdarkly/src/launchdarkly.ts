import { Type as T } from "@sinclair/typebox";
import { compact, contentId, defineAdapter, idFrom, taking, textAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { actor } from "./actor.ts";
import { details } from "./details.ts";
import { entries, renamedToken, usedToken } from "./entries.ts";
import { entryTime } from "./entry-time.ts";
import { formats } from "./formats.ts";
import { plainText } from "./plain-text.ts";
import { resource } from "./resource.ts";
import { secrets } from "./secrets.ts";
import { secretDeltaValues } from "./secret-delta-values.ts";

/** An entry of the audit log. `date` or `timestamp` is what every one has too; where both are missing the refusal says so. */
const Entry = T.Object({
  kind: T.String({ pattern: "\\S" }),
  date: T.Optional(T.Unknown()),
  timestamp: T.Optional(T.Unknown()),
});

/**
 * LaunchDarkly's audit log: entries of `/api/v2/auditlog` in full or as listed, webhook bodies, and the context that
 * LaunchDarkly's integrations are rendered from.
 * Vendor pages: launchdarkly.com/docs, "Audit log" (API) and "Webhooks".
 */
export const launchdarkly = defineAdapter({
  name: "launchdarkly",
  source: "LaunchDarkly",
  displayName: "LaunchDarkly audit log",
  record: Entry,
  countsOccurrences: true,
  secrets,
  split: entries,
  formats,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  secretsIn: (record) => secretDeltaValues(record),

  eventId: (record, { origin }) => {
    const id = textAt(record, "_id");
    return id === undefined ? contentId(record, origin.occurrence, "launchdarkly") : idFrom(id);
  },

  toEvent: (record, { id }) => {
    const take = taking(record);
    const { type, principalId } = actor(record);
    const { projectKey, environmentKey, resourceKey, tags } = resource(record);
    const verb = textAt(record, "accesses", 0, "action") ?? textAt(record, "verbKind");
    const { plain, markup } = details(take);
    const subentries = take.value("subentries");
    take.text("member", "_id");
    return {
      version: "1.0",
      userIdentity: {
        type,
        principalId,
        details: compact({
          email: take.text("member", "email"),
          firstName: take.text("member", "firstName"),
          lastName: take.text("member", "lastName"),
          displayName: take.text("member", "displayName"),
          token: take.object(usedToken),
          app: take.object("app"),
        }),
      },
      eventSource: "launchdarkly",
      eventName: verb ?? [record.kind, textAt(record, "titleVerb")].filter((part) => part !== undefined).join(": "),
      eventTime: entryTime(record),
      UID: take.text("_id") ?? id,
      requestParameters: compact({
        projectKey,
        environmentKey,
        resourceKey,
        resources: take.value("target", "resources"),
        accesses: take.value("accesses"),
        comment: take.text("comment"),
        delta: take.value("delta"),
        merge: take.value("merge"),
        triggerBody: take.value("triggerBody"),
        subentries: Array.isArray(subentries)
          ? (subentries as readonly Json[]).map((entry) => renamedToken(entry, usedToken, "token"))
          : subentries,
      }),
      responseElements: compact({
        currentVersion: take.value("currentVersion"),
        previousVersion: take.value("previousVersion"),
      }),
      // The names of LaunchDarkly's own CloudTrail integration, by which events are queried already; a member of the
      // record that is called the same keeps its name.
      additionalEventData: compact({
        type: verb,
        targetId: textAt(record, "target", "_id"),
        projectKey,
        environmentKey,
        deepLink: textAt(record, "_links", "details", "href"),
        tags,
        details: plain ?? textAt(record, "description"),
        detailsMarkup: markup,
        comment: textAt(record, "comment"),
        plainText: plainText(record),
        ...take.rest(),
      }),
    };
  },
});
