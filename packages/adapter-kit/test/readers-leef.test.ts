import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readLeef, readLeefTime } from "../src/readers/index.ts";

const pairs = (text: string) => readLeef(text).attributes.map(({ key, value }) => [key, value]);

test("version 1.0: five fields, and attributes between tabs", () => {
  expect(
    readLeef("LEEF:1.0|A vendor|Product|1.2|login failed|src=192.0.2.1\tusrName=ann\tcat=\tmsg=a=b c\t shost=h"),
  ).toEqual({
    prefix: "",
    header: undefined,
    version: "1.0",
    vendor: "A vendor",
    product: "Product",
    deviceVersion: "1.2",
    eventId: "login failed",
    delimiter: "\t",
    attributes: [
      { key: "src", value: "192.0.2.1" },
      { key: "usrName", value: "ann" },
      { key: "cat", value: "" },
      { key: "msg", value: "a=b c" },
      { key: "shost", value: "h" },
    ],
  });
});

test.each([
  ["^", "^"],
  ["x5E", "^"],
  ["0x5e", "^"],
  ["X7C", "|"],
  ["x09", "\t"],
  [String.raw`\t`, "\t"],
  ["", "\t"],
  ["€", "€"],
  ["x20AC", "€"],
])("version 2.0 names its delimiter: %j is %j", (written, delimiter) => {
  const leef = readLeef(`LEEF:2.0|v|p|1|id|${written}|a=1${delimiter}b=2`);
  expect(leef.delimiter).toBe(delimiter);
  expect(leef.attributes).toEqual([
    { key: "a", value: "1" },
    { key: "b", value: "2" },
  ]);
});

test("version 2.0 without the delimiter's field has tabs", () => {
  expect(pairs("LEEF:2.0|v|p|1|id|src=192.0.2.1\tb=x|y")).toEqual([
    ["src", "192.0.2.1"],
    ["b", "x|y"],
  ]);
});

test("a piece without an equals sign is kept, an empty one is none", () => {
  expect(pairs("LEEF:1.0|v|p|1|id|\ta=1\t\tpiece\t=x\t")).toEqual([
    ["a", "1"],
    ["", "piece"],
    ["", "x"],
  ]);
});

test("headers before it, and a header without attributes", () => {
  expect(readLeef("<13>1 2026-01-31T12:00:00Z host LEEF:1.0|v|p|1|id|").header).toMatchObject({ host: "host" });
  expect(readLeef("Jan 31 12:00:00 host LEEF:1.0|v|p|1|id|a=1").header).toMatchObject({ time: "Jan 31 12:00:00" });
  expect(readLeef("LEEF:1.0|v|p|1|id")).toMatchObject({ eventId: "id", attributes: [] });
});

test.each(["", "LEEF:", "LEEF:1.0", "LEEF:1.0|v|p|1", "LEEF:a|v|p|1|id|", "CEF:0|a|b|c|d|e|5|", "xLEEF:1.0|v|p|1|id|"])(
  "%j is refused by name",
  (text) => {
    expect(() => readLeef(text)).toThrow(expect.objectContaining({ code: "NOT_LEEF" }) as Error);
  },
);

test("more attributes than 10,000 are refused", () => {
  expect(() => readLeef(`LEEF:1.0|v|p|1|id|${"a=1\t".repeat(10_001)}`)).toThrow(
    expect.objectContaining({ code: "NOT_LEEF" }) as Error,
  );
});

test.each([
  ["devTime=1769860800000", "2026-01-31T12:00:00Z"],
  ["devTime=Jan 31 2026 12:00:00", "2026-01-31T12:00:00Z"],
  ["devTime=Jan 31 2026 12:00:00.123 CET", "2026-01-31T11:00:00Z"],
  ["devTime=31/01/26 12:00:00 +0100\tdevTimeFormat=dd/MM/yy HH:mm:ss Z", "2026-01-31T11:00:00Z"],
  ["devTimeFormat=MMM dd yyyy HH:mm:ss.SSS z\tdevTime=Jan 31 2026 12:00:00.000 UTC", "2026-01-31T12:00:00Z"],
  ["devTimeFormat=nonsense\tdevTime=1769860800000", "2026-01-31T12:00:00Z"],
  ["devTime=", undefined],
  ["devTime=soon", undefined],
  ["a=1", undefined],
])("%j is %s", (attributes, expected) => {
  expect(readLeefTime(readLeef(`LEEF:1.0|v|p|1|id|${attributes}`))).toBe(expected);
});

test("what is written is read back, whatever the delimiter", () => {
  const delimiters = fc.constantFrom("\t", "^", "|", "€", "\u0001", "~");
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,10}$/);
  const content = fc.string({ unit: "grapheme", maxLength: 30 });
  fc.assert(
    fc.property(delimiters, fc.array(fc.tuple(name, content)), (delimiter, attributes) => {
      const sound = attributes.map(([key, value]) => [key, value.replaceAll(delimiter, "")] as const);
      const code = `x${delimiter.charCodeAt(0).toString(16)}`;
      const text = `LEEF:2.0|v|p|1|id|${code}|${sound.map(([key, value]) => `${key}=${value}`).join(delimiter)}`;
      expect(pairs(text)).toEqual(sound);
    }),
    { numRuns: 1000 },
  );
});
