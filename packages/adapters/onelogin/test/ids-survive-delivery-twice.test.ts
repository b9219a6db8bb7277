import { mapFrame } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { failedEventTypes } from "../src/event-types.ts";
import { onelogin } from "../src/index.ts";

const context = { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } };
const mapped = (value: Json, format = "json") =>
  mapFrame(onelogin, format, new TextEncoder().encode(JSON.stringify(value)), context);

test("an event of a webhook is the same event from EventBridge and from a file of lines", () => {
  const event = {
    uuid: "11111111-2222-4333-8444-555555550001",
    event_type_id: 5,
    event_timestamp: "2026-01-10 08:09:10 UTC",
  };
  const [first] = mapped([event]);
  expect(first).toMatchObject({ kind: "event", id: event.uuid });
  expect(mapped(event, "ndjson")).toEqual([first]);
  expect(mapped({ "detail-type": "OneLogin Events", time: "2026-01-10T08:09:11Z", detail: event }, "ndjson")).toEqual([
    first,
  ]);
});

test("an event of the API is the same event in a page, in Get Event by ID and alone", () => {
  const event = { id: 7, account_id: 4711, event_type_id: 5, created_at: "2026-01-10T08:09:10.987Z" };
  const [first] = mapped(event);
  expect(first).toMatchObject({ kind: "event", id: "4711-7" });
  const status = { error: false, code: 200, type: "success", message: "Success" };
  expect(mapped({ status, pagination: { next_link: null }, data: [event] })).toEqual([first]);
  expect(mapped({ status, data: [event] })).toEqual([first]);
});

test("two accounts' events of one number are two events", () => {
  const event = { id: 7, event_type_id: 5, created_at: "2026-01-10T08:09:10.987Z" };
  const ids = [4711, 4712].map((account) => mapped({ ...event, account_id: account })[0]);
  expect(ids[0]).not.toMatchObject({ id: (ids[1] as { id: string }).id });
});

test("every type that OneLogin describes as failed has an errorCode, however its number is written", () => {
  for (const type of failedEventTypes)
    for (const written of [type, Number(type)]) {
      const [result] = mapped({ id: 7, account_id: 1, event_type_id: written, created_at: "2026-01-10T08:09:10Z" });
      expect(result?.kind === "event" && (JSON.parse(result.eventData) as object)).toHaveProperty("errorCode");
    }
});

test("options that are none refuse each record by name", () => {
  const value = { id: 7, account_id: 1, event_type_id: 5, created_at: "2026-01-10T08:09:10Z" };
  expect(onelogin.map(value, { ...context, options: { eventTypes: { "5": 5 } } })).toMatchObject([
    { kind: "refused", code: "OPTIONS_INVALID" },
  ]);
});
