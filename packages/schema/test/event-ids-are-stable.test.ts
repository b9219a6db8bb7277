import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventId, sha256 } from "../src/index.ts";
import vectors from "./vectors/event-ids.json" with { type: "json" };

test.for(vectors)("$name", ({ eventID, ...vector }) => {
  expect(eventId(vector)).toBe(eventID);
  expect(eventId({ ...vector, eventData: sha256(vector.eventData) })).toBe(eventID);
});

const parts = fc.record({
  channelArn: fc.string({ maxLength: 20 }),
  id: fc.stringMatching(/^[-_A-Za-z0-9]{1,20}$/),
  eventData: fc.string({ unit: "binary" }),
  eventTimeSeconds: fc.integer({ min: 0, max: 0xffff_ffff }),
});

test("an id is a UUIDv8 that begins with the time, so ids sort by time", () => {
  fc.assert(
    fc.property(parts, parts, (one, two) => {
      const [first, second] = [eventId(one), eventId(two)];
      expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(first.slice(0, 8), 16)).toBe(one.eventTimeSeconds);
      return one.eventTimeSeconds >= two.eventTimeSeconds || first < second;
    }),
  );
});

test("another channel, id or text has another eventID", () => {
  fc.assert(
    fc.property(parts, fc.constantFrom("channelArn", "id", "eventData"), (one, member) => {
      expect(eventId({ ...one, [member]: `${one[member]}x` })).not.toBe(eventId(one));
    }),
  );
});
