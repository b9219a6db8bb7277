import { mapFrame } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { clumio } from "../src/index.ts";

const context = { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } };
const mapped = (value: Json, format = "json") =>
  mapFrame(clumio, format, new TextEncoder().encode(JSON.stringify(value)), context);

const event = {
  id: "00000000-0000-4000-8000-0000000000e1",
  action: "update",
  category: "policy",
  status: "success",
  timestamp: "2026-01-10T08:09:10Z",
};

test("an audit event is the same event in an answer, in an array and in a line", () => {
  const [first] = mapped(event, "ndjson");
  expect(first).toMatchObject({ kind: "event", id: event.id });
  expect(mapped([event])).toEqual([first]);
  expect(mapped({ ["_embedded"]: { items: [event] }, ["_links"]: { ["_next"]: null } })).toEqual([first]);
});

test("details as text and as an object give the same bytes", () => {
  const details = {
    request_body: { name: "Gold", password: { value: "secret" } },
    tags: [{ type: "region", id: "r", value: "x" }],
  };
  const [asText] = mapped({ ...event, details: JSON.stringify(details) });
  expect(asText).toMatchObject({ kind: "event", marks: [{ kind: "redacted" }] });
  expect(mapped({ ...event, details })).toEqual([asText]);
});

test.each(["not json", "[1]", '"text"', "", '{"a":1,"a":2}', "{".repeat(100)])(
  "details that are no JSON object stay the text they are: %s",
  (details) => {
    const [result] = mapped({ ...event, details });
    expect(result?.kind === "event" && JSON.parse(result.eventData)).toMatchObject({
      additionalEventData: { details },
    });
  },
);

test("options that are none refuse each record by name", () => {
  expect(clumio.map(event, { ...context, options: { eventSource: "" } })).toMatchObject([
    { kind: "refused", code: "OPTIONS_INVALID" },
  ]);
});
