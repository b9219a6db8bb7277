import type { Json } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { netskope } from "../src/index.ts";

const context = { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } };
const idOf = (record: Json) => netskope.map(record, context).map((one) => (one.kind === "event" ? one.id : one.kind));

const state = { status: "in_progress", severity: "Low", assignee: "carla.mendes@example.com" };
const shipped = {
  netskope: { events: { event_type: "incident", ...state } },
  event: { id: "11fc1dee" },
  "@timestamp": "2026-01-15T09:00:00.000Z",
};

test("an incident has the id of its state by the API, by a warehouse and by Cloud Exchange", () => {
  const plain = { _id: "11fc1dee", timestamp: 1768467600, record_type: "incident", ...state };
  expect(idOf(shipped)).toEqual(idOf(plain));
  expect(idOf({ ...plain, timestamp: "1768467600" })).toEqual(idOf(plain));
  const unassigned = { ...shipped, netskope: { events: { event_type: "incident", ...state, assignee: "null" } } };
  expect(idOf(unassigned)).toEqual(idOf({ ...plain, assignee: "" }));
  expect(idOf(unassigned)).not.toEqual(idOf(shipped));
});
