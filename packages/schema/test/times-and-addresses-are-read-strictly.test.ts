import { isIPv4, isIPv6 } from "node:net";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isIpLiteral, parseEventTime } from "../src/index.ts";

test("a time is read as Date reads it, with or without fraction and Z", () => {
  const date = fc.date({
    min: new Date("0001-01-01T00:00:00Z"),
    max: new Date("9999-12-31T23:59:59.999Z"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(date, fc.boolean(), (moment, zone) => {
      const text = moment.toISOString();
      const parsed = parseEventTime(zone ? text : text.slice(0, -1));
      expect(parsed).toEqual({ seconds: Math.floor(moment.getTime() / 1000), millis: moment.getTime() });
    }),
  );
});

test("a fraction has 1 to 9 digits; what is beyond milliseconds is cut", () => {
  for (const [fraction, millis] of [
    ["1", 100],
    ["12", 120],
    ["123", 123],
    ["1239", 123],
    ["000999999", 0],
    ["999999999", 999],
  ])
    expect(parseEventTime(`1970-01-01T00:00:00.${fraction}Z`)).toEqual({ seconds: 0, millis });
});

const part = (max: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));

test("a day is accepted when the calendar has it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1000, max: 9999 }),
      part(14),
      part(33),
      part(26),
      part(62),
      part(62),
      (year, month, day, hour, minute, second) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
        const date = new Date(`${text}Z`);
        // Date rolls days over and takes 24:00:00; it is right when it writes the same text back.
        const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
        expect(parseEventTime(text) !== undefined).toBe(real);
      },
    ),
    {
      numRuns: 1000,
      examples: [
        [2024, "02", "29", "00", "00", "00"],
        [1900, "02", "29", "00", "00", "00"],
        [2000, "02", "29", "23", "59", "59"],
      ],
    },
  );
});

test("any other text is no time", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => parseEventTime(text) === undefined));
  for (const text of [
    "2026-01-01T00:00:00ZZ",
    "2026-01-01T00:00:00,1Z",
    "2026-01-01t00:00:00Z",
    "+026-01-01T00:00:00Z",
    "2026-1-01T00:00:000Z",
    " 2026-01-01T00:00:00",
  ])
    expect(parseEventTime(text)).toBeUndefined();
});

test("an address is one when node:net says so and it names no zone", () => {
  const piece = fc.oneof(
    fc.constantFrom("::", ":", ".", "0", "00", "256", "ffff", "fffff", "%", "1.2.3.4", "/24"),
    fc.integer({ min: 0, max: 300 }).map(String),
  );
  const near = fc.array(piece, { maxLength: 17 }).map((parts) => parts.join(""));
  const groups = fc
    .array(fc.constantFrom("0", "ffff", "", "g"), { minLength: 7, maxLength: 9 })
    .map((parts) => parts.join(":"));
  const counts = { yes: 0, no: 0 };
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near, groups, fc.string()), (text) => {
      const expected = (isIPv4(text) || isIPv6(text)) && !text.includes("%");
      counts[expected ? "yes" : "no"]++;
      expect(isIpLiteral(text)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(300);
});
