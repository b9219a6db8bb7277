import { Type as T } from "@sinclair/typebox";
import type { Static } from "@sinclair/typebox";
import { contentId, idFrom, jsonArray, jsonLines, taking, textAt, utcSeconds, valueAt } from "../src/index.ts";
import type { AdapterDefinition, Json } from "../src/index.ts";

export const ExampleRecord = T.Object({ action: T.String({ minLength: 1 }), at: T.Unknown() });
export const ExampleOptions = T.Object({ zone: T.String({ default: "Z" }) });
export type ExampleDefinition = AdapterDefinition<typeof ExampleRecord, typeof ExampleOptions>;

/** A small adapter that keeps every promise; tests change one member of it. */
export const example: ExampleDefinition = {
  name: "example",
  source: "Custom",
  displayName: "Example",
  record: ExampleRecord,
  options: ExampleOptions,
  secrets: ["pin", "/deep/*/hidden"],
  drops: { heartbeat: "keep-alives of the vendor's own" },
  countsOccurrences: true,
  formats: { lines: jsonLines, array: jsonArray },
  drop: (record) => (record.action === "heartbeat" ? "heartbeat" : undefined),
  split: (value) => {
    const records = valueAt(value, "records");
    return Array.isArray(records) ? (records as readonly Json[]) : [value];
  },
  eventId: (record, { origin }) => {
    const id = textAt(record, "id");
    return id === undefined ? contentId(record, origin.occurrence, "example") : idFrom(id);
  },
  toEvent: (record: Static<typeof ExampleRecord>, { id, options }) => {
    const take = taking(record);
    return {
      version: "1",
      userIdentity: {
        type: take.text("actor", "type") ?? "Unknown",
        principalId: take.text("actor", "id") ?? "unknown",
      },
      userAgent: take.text("agent"),
      eventSource: "example",
      eventName: take.text("action") ?? record.action,
      eventTime: utcSeconds(record.at, { zone: options.zone }),
      UID: take.text("id") ?? id,
      sourceIPAddress: take.ipAddress("ip"),
      requestParameters: take.rest(),
    };
  },
};
