import { createHash } from "node:crypto";
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

test("an id is cut from the hash of its parts, however long they are", () => {
  const long = fc.string({ unit: "binary", maxLength: 1500 });
  fc.assert(
    fc.property(long, long, parts, (channelArn, id, rest) => {
      const hash = createHash("sha256").update(`${channelArn}\0${id}\0`).update(sha256(rest.eventData)).digest("hex");
      const found = eventId({ ...rest, channelArn, id });
      // Without the version's digit and the variant's.
      const digits = found.slice(9).replaceAll("-", "");
      expect(digits.slice(0, 4) + digits.slice(5, 8) + digits.slice(9)).toBe(
        hash.slice(0, 4) + hash.slice(5, 8) + hash.slice(9, 24),
      );
    }),
    { examples: [["a".repeat(700), "é".repeat(700), { channelArn: "", id: "", eventData: "", eventTimeSeconds: 0 }]] },
  );
});

test("another channel, id or text has another eventID", () => {
  fc.assert(
    fc.property(parts, fc.constantFrom("channelArn", "id", "eventData"), (one, member) => {
      expect(eventId({ ...one, [member]: `${one[member]}x` })).not.toBe(eventId(one));
    }),
  );
});
