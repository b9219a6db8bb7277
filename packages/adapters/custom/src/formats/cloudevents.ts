import { Type as T } from "@sinclair/typebox";
import { isObject, textAt } from "@tributary/adapter-kit";
import type { BuiltIn } from "./built-in.ts";

const attribute = T.String({ minLength: 1, pattern: "\\S" });

/**
 * CloudEvents 1.0, one a record or in batches: github.com/cloudevents/spec, cloudevents/spec.md and formats/json-format.md.
 * Source and id together identify an event. Binary deliveries are made structured by the webhook.
 */
export const cloudevents: BuiltIn = {
  name: "cloudevents",
  displayName: "CloudEvent 1.0",
  record: T.Object({
    specversion: T.String({ pattern: "^1\\.[0-9]$" }),
    id: attribute,
    source: attribute,
    type: attribute,
    time: T.Optional(T.Unknown()),
  }),
  is: (value) =>
    isObject(value) &&
    textAt(value, "specversion")?.startsWith("1.") === true &&
    ["id", "source", "type"].every((key) => textAt(value, key) !== undefined),
  mapping: {
    version: 1,
    name: "cloudevents",
    id: { all: ["/source", "/id"] },
    event: {
      version: "/specversion",
      userIdentity: {
        type: ["/authtype", "/data/actor/type", { const: "Application" }],
        principalId: ["/authid", "/data/actor/id", "/data/actor/email", "/data/actor/name", "/data/actor", "/source"],
      },
      eventSource: "/source",
      eventName: "/type",
      eventTime: ["/time", { receivedAt: true }],
      UID: "/id",
      requestParameters: ["/data", "/data_base64"],
    },
  },
};
