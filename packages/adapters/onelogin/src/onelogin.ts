import { Type as T } from "@sinclair/typebox";
import {
  compact,
  contentId,
  defineAdapter,
  idFrom,
  readUtcSeconds,
  taking,
  textAt,
  utcSeconds,
} from "@tributary/adapter-kit";
import { actorType } from "./actor-type.ts";
import { eventTypeNames } from "./event-types.ts";
import { events } from "./events.ts";
import { failure } from "./failure.ts";
import { formats } from "./formats.ts";
import { targets } from "./targets.ts";
import { vendorId } from "./vendor-id.ts";

/** An event of the Events API or of a webhook. The type is a number; some collectors write it as text. */
const Event = T.Object({
  event_type_id: T.Union([T.Integer({ minimum: 0 }), T.String({ pattern: "^[0-9]{1,9}$" })]),
  created_at: T.Optional(T.Unknown()),
  event_timestamp: T.Optional(T.Unknown()),
});

const Options = T.Object({
  eventTypes: T.Record(T.String(), T.String({ minLength: 1, maxLength: 256 }), {
    default: {},
    description:
      "Names of event types by their id, as GET /api/1/events/types lists them; they go before the built-in ones.",
  }),
});

/**
 * OneLogin's events: answers of the Events API, webhooks (Event Broadcaster) and EventBridge.
 * Vendor pages: developers.onelogin.com, Event Resource and Types; Event Webhooks.
 */
export const onelogin = defineAdapter({
  name: "onelogin",
  source: "OneLogin",
  displayName: "OneLogin",
  record: Event,
  options: Options,
  countsOccurrences: true,
  formats,
  split: events,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    const id = vendorId(record);
    return id === undefined ? contentId(record, origin.occurrence, "onelogin") : idFrom(id);
  },

  toEvent: (record, { id, options }) => {
    const take = taking(record);
    const type = String(record.event_type_id);
    const given = Object.hasOwn(options.eventTypes, type) ? options.eventTypes[type] : undefined;
    const name = given ?? eventTypeNames.get(type) ?? `EVENT_TYPE_${type}`;
    const { errorCode, errorMessage } = failure(record, type, name);
    return {
      version: "1",
      userIdentity: {
        type: actorType(record),
        principalId:
          take.text("actor_user_id") ??
          textAt(record, "actor_system") ??
          textAt(record, "client_id") ??
          textAt(record, "api_credential_name") ??
          textAt(record, "user_id") ??
          textAt(record, "actor_user_name") ??
          textAt(record, "login_name") ??
          "unknown",
        details: compact({
          actor_user_name: take.value("actor_user_name"),
          actor_system: take.value("actor_system"),
          assuming_acting_user_id: take.value("assuming_acting_user_id"),
          client_id: take.value("client_id"),
          account_id: take.value("account_id"),
          risk_score: take.value("risk_score"),
          proxy_ip: take.value("proxy_ip"),
        }),
      },
      userAgent: take.text("user_agent"),
      eventSource: "onelogin",
      eventName: name,
      eventTime: readUtcSeconds(record.created_at) ?? utcSeconds(record.event_timestamp ?? record.created_at),
      UID: take.text("uuid") ?? vendorId(record) ?? id,
      errorCode,
      errorMessage,
      sourceIPAddress: take.ipAddress("ipaddr"),
      requestParameters: targets(record, take),
      responseElements: compact({
        notes: take.value("notes"),
        resolution: take.value("resolution"),
      }),
      additionalEventData: take.rest(),
    };
  },
});
