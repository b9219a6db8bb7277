import { Type } from "@sinclair/typebox";
import { contentId, defineAdapter, jsonLines, utcSeconds } from "@tributary/adapter-kit";

/** A vendor of our own: JSON lines `{"at": time, "what": name, "id"?: text, "kind"?: "noise"}`. */
export default defineAdapter({
  name: "line",
  source: "Custom",
  displayName: "Test lines",
  record: Type.Object({
    at: Type.String(),
    what: Type.String(),
    id: Type.Optional(Type.String()),
    kind: Type.Optional(Type.String()),
  }),
  drops: { noise: "Heartbeats say nothing." },
  drop: (record) => (record.kind === "noise" ? "noise" : undefined),
  countsOccurrences: true,
  eventId: (record, { origin }) => record.id ?? contentId(JSON.stringify(record), origin.occurrence, "line"),
  toEvent: (record, { id }) => ({
    version: "1.0",
    userIdentity: { type: "Test", principalId: "tester" },
    eventSource: "line.example.com",
    eventName: record.what,
    eventTime: utcSeconds(record.at),
    UID: id,
    additionalEventData: { ...record },
  }),
  formats: { jsonl: jsonLines },
});
