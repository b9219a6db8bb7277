import * as fc from "fast-check";
import { expect, test } from "vitest";
import { checkAuditEvent, eventDataChecksum } from "../src/index.ts";
import { asSender, asServer, rendering, senderEvent, serverEvent } from "./arbitrary-event.ts";

test("what the sender's profile describes is accepted, with its content and its time", () => {
  fc.assert(
    fc.property(senderEvent, rendering, (draft, render) => {
      const eventData = render(draft);
      const result = checkAuditEvent({ eventData, eventDataChecksum: eventDataChecksum(eventData) }, asSender);
      expect(result.problems).toEqual([]);
      expect(result.event).toEqual(JSON.parse(eventData));
      expect(result.eventTimeSeconds).toBe(Date.parse(String(draft["eventTime"])) / 1000);
    }),
  );
});

test("what the server's profile describes is accepted; null stands for absence, unknown keys are counted", () => {
  fc.assert(
    fc.property(serverEvent, rendering, (draft, render) => {
      const eventData = render(draft);
      const result = checkAuditEvent({ eventData }, asServer);
      expect(result.problems).toEqual([]);
      const optional = ["userAgent", "requestParameters"].filter((key) => draft[key] === null);
      for (const key of optional) expect(result.event).not.toHaveProperty(key);
      expect(result.unknownKeys).toBe(["eventVersion", "__proto__"].filter((key) => Object.hasOwn(draft, key)).length);
    }),
  );
});

test("numbers beyond 2^53 and beyond a double pass", () => {
  const eventData =
    '{"version":"1","userIdentity":{"type":"t","principalId":"p"},"eventSource":"s","eventName":"n","UID":"u",' +
    '"eventTime":"2026-01-01T00:00:00Z","recipientAccountId":"111122223333",' +
    '"additionalEventData":{"id":123456789012345678901234567890,"big":1e999,"small":1e-999,"list":[-0,9007199254740993]}}';
  expect(checkAuditEvent({ eventData }, asSender).problems).toEqual([]);
});
