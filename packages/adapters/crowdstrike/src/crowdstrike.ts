import { Type as T } from "@sinclair/typebox";
import { compact, contentId, defineAdapter, idFrom, refuseOtherKinds, taking } from "@tributary/adapter-kit";
import { audit } from "./audit.ts";
import { detection } from "./detection.ts";
import { falconId } from "./falcon-id.ts";
import { formats } from "./formats.ts";
import { isInventory } from "./is-inventory.ts";
import { isKeptTelemetry } from "./is-kept-telemetry.ts";
import { layoutOf } from "./layout-of.ts";
import { falconRecords, otherKinds } from "./other-kinds.ts";
import { telemetry } from "./telemetry.ts";
import { telemetryName } from "./telemetry-name.ts";
import { secretAuditValues } from "./secret-audit-values.ts";

const Time = T.Optional(T.Unknown());

/** A line of an Event Streams feed. Only `metadata` is sure: some lines come without their `event`. */
const StreamLine = T.Object({ metadata: T.Object({ eventType: T.String({ minLength: 1 }), eventCreationTime: Time }) });

/** An Event Streams event as Falcon Data Replicator writes it: flat, the type in `ExternalApiType`. */
const ReplicatedEvent = T.Object({ ExternalApiType: T.String({ pattern: "^Event_" }), timestamp: Time });

/** A line of sensor telemetry as Falcon Data Replicator writes it: flat, every value a text. */
const Telemetry = T.Object({ event_simpleName: T.String({ minLength: 1 }), timestamp: Time });

/** Lines of the replicator's inventory files: hosts (AgentVersion), assets, users and applications (_time), scores (assessments). */
const Inventory = (["AgentVersion", "_time", "assessments"] as const).map((member) =>
  T.Object({ cid: T.String({ minLength: 1 }), [member]: T.Unknown() }),
);

const Options = T.Object({
  feedId: T.Optional(
    T.String({
      minLength: 1,
      description: "The feed (partition) the lines were read from. Offsets are counted per feed.",
    }),
  ),
});

const variants = { audit, detection, telemetry };

/**
 * CrowdStrike Falcon: Event Streams lines (console audit, API activity, detections and summaries) and Falcon Data
 * Replicator files. Vendor pages: developer.crowdstrike.com "Event Streams"; the replicator's field list needs a login.
 */
export const crowdstrike = defineAdapter({
  name: "crowdstrike",
  source: "CrowdStrike",
  displayName: "CrowdStrike",
  record: T.Union([StreamLine, ReplicatedEvent, Telemetry, ...Inventory]),
  options: Options,
  countsOccurrences: true,
  drops: {
    "sensor-telemetry":
      "Raw sensor telemetry (process starts, DNS requests) is no audit event: nobody acted in Falcon, and a replicator bucket holds millions of them a day.",
    "sensor-inventory":
      "Inventory lines of the replicator (hosts, assets, users, scores) describe a state: nothing happened.",
  },
  drop: (record) => {
    if (isInventory(record)) return "sensor-inventory";
    const name = telemetryName(record);
    return name === undefined || isKeptTelemetry(name) ? undefined : "sensor-telemetry";
  },
  split: falconRecords,
  formats,
  poll: async () => (await import("./poll.ts")).poll,

  secretsIn: secretAuditValues,

  eventId: (record, { options, origin }) => {
    refuseOtherKinds(otherKinds, record);
    const uid = falconId(record, options.feedId);
    return uid === undefined ? contentId(record, origin.occurrence, "crowdstrike") : idFrom(uid);
  },

  toEvent: (record, { id, options }) => {
    const take = taking(record);
    const layout = layoutOf(record, take);
    const { additionalEventData, ...mapped } = variants[layout.kind](record, take, layout);
    return {
      version: layout.version,
      ...mapped,
      eventSource: "crowdstrike",
      eventTime: layout.eventTime,
      UID: falconId(record, options.feedId) ?? id,
      additionalEventData: compact({
        eventType: layout.eventType,
        feedId: layout.body.length > 0 ? options.feedId : undefined,
        ...additionalEventData,
        ...take.rest(),
      }),
    };
  },
});
