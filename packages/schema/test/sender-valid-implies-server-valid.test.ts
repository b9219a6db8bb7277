import * as fc from "fast-check";
import { expect, test } from "vitest";
import { AuditEventData, checkAuditEvent, checkAuditEventValue, checkShape } from "../src/index.ts";
import { type Draft, asSender, asServer, rendering, senderEvent, serverEvent } from "./arbitrary-event.ts";

/** Changes that may or may not leave an event valid. */
const change: fc.Arbitrary<(draft: Draft) => Draft> = fc.oneof(
  fc.constant((draft: Draft) => draft),
  fc
    .tuple(fc.constantFrom("version", "userAgent", "errorCode", "extra", "eventTime"), fc.anything())
    .map(([key, value]) => (draft: Draft) => ({ ...draft, [key]: value })),
  fc.integer({ min: 27_900, max: 28_800 }).map((size) => (draft: Draft) => ({
    ...draft,
    additionalEventData: { text: "x".repeat(size - 11) },
  })),
  fc.integer({ min: 99_900, max: 102_500 }).map((size) => (draft: Draft) => ({
    ...draft,
    requestParameters: { text: "é".repeat((size - 11) / 2) },
  })),
  fc
    .integer({ min: 250, max: 260 })
    .map((length) => (draft: Draft) => ({ ...draft, errorMessage: "𝒳".repeat(length) })),
);

test("whatever the sender's profile accepts, the server's accepts; both accept and refuse something", () => {
  const counts = { both: 0, server: 0, neither: 0 };
  fc.assert(
    fc.property(fc.oneof(senderEvent, serverEvent), change, rendering, (draft, mutate, render) => {
      const eventData = render(mutate(draft)) ?? "";
      const sender = checkAuditEvent({ eventData }, asSender).problems.length === 0;
      const server = checkAuditEvent({ eventData }, asServer).problems.length === 0;
      counts[sender ? "both" : server ? "server" : "neither"]++;
      // The shape that other languages get as JSON Schema never refuses what the checker accepts.
      return (server || !sender) && (!server || checkShape(AuditEventData, JSON.parse(eventData)).length === 0);
    }),
    { numRuns: 500 },
  );
  console.info("accepted by", counts);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(10);
});

test("a value is judged as its text is, members that are undefined aside", () => {
  const undefinedMembers = fc.subarray(["userAgent", "version", "extra", "errorCode"]);
  fc.assert(
    fc.property(fc.oneof(senderEvent, serverEvent), change, undefinedMembers, (draft, mutate, absent) => {
      const event = { ...mutate(draft), ...Object.fromEntries(absent.map((key) => [key, undefined])) };
      const eventData = JSON.stringify(event);
      const own = Object.fromEntries(absent.map((key) => [key, undefined]));
      for (const options of [asSender, asServer, { ...asServer, strict: true, eventSources: ["x"] }]) {
        const { event: _, ...ofValue } = checkAuditEventValue(
          { ...JSON.parse(eventData), ...own },
          eventData.length,
          options,
        );
        const { event: __, ...ofText } = checkAuditEvent({ eventData }, options);
        expect(ofValue).toEqual(ofText);
      }
    }),
    { numRuns: 500 },
  );
});
