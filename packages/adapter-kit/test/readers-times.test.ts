import { expect, test } from "vitest";
import { readCefTime, readSimpleDate } from "../src/readers/index.ts";

const near = "2026-01-31T12:00:00Z";

test.each([
  [1_769_860_800_123, "2026-01-31T12:00:00Z"],
  ["1769860800123", "2026-01-31T12:00:00Z"],
  ["1769860800", "2026-01-31T12:00:00Z"],
  ["Jan 31 2026 12:00:00", "2026-01-31T12:00:00Z"],
  ["Jan 31 2026 12:00:00.999", "2026-01-31T12:00:00Z"],
  ["Jan 31 2026 12:00:00.999 PST", "2026-01-31T20:00:00Z"],
  ["Jan 31 2026 12:00:00 GMT+02:00", "2026-01-31T10:00:00Z"],
  ["Jan  3 2026 12:00:00 UTC", "2026-01-03T12:00:00Z"],
  ["January 3, 2026 12:00:00 +0530", "2026-01-03T06:30:00Z"],
  ["Jul 31 2026 12:00:00 Europe/Berlin", "2026-07-31T10:00:00Z"],
  ["Jan 31 12:00:00", "2026-01-31T12:00:00Z"],
  ["Dec 31 23:59:59.5 EST", "2026-01-01T04:59:59Z"],
  ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z"],
  ["2026-01-31T12:00:00.123+01:00", "2026-01-31T11:00:00Z"],
  ["2026-01-31 12:00:00", "2026-01-31T12:00:00Z"],
  ["Feb 30 2026 12:00:00", undefined],
  ["Foo 30 2026 12:00:00", undefined],
  ["Jan 31 2026 25:00:00", undefined],
  ["Jan 31 2026 12:00:00 Mars/Base", undefined],
  ["Jan 31 2026 12:00:00 IST", undefined],
  ["Jan 31 2026 12:00:00 +99:00", undefined],
  ["", undefined],
  ["x".repeat(1000), undefined],
  [undefined, undefined],
  [null, undefined],
  [{}, undefined],
])("CEF: %j is %s", (value, expected) => {
  expect(readCefTime(value, { near })).toBe(expected);
});

test("a time without a year needs a time near it", () => {
  expect(readCefTime("Jan 31 12:00:00")).toBeUndefined();
});

test.each([
  ["Mar 08 2026 01:59:59", "2026-03-08T09:59:59Z", "before the clocks go forward"],
  ["Mar 08 2026 02:30:00", "2026-03-08T10:30:00Z", "left out: read as before"],
  ["Mar 08 2026 03:00:00", "2026-03-08T10:00:00Z", "after"],
  ["Nov 01 2026 01:30:00", "2026-11-01T08:30:00Z", "twice: the first"],
  ["Nov 01 2026 02:30:00", "2026-11-01T10:30:00Z", "after they go back"],
  ["2026-07-01 12:00:00", "2026-07-01T19:00:00Z", "ISO without a zone"],
  ["2026-07-01T12:00:00Z", "2026-07-01T12:00:00Z", "a zone of its own wins"],
])("a place's clock: %s is %s (%s)", (value, expected) => {
  expect(readCefTime(value, { zone: "America/Los_Angeles" })).toBe(expected);
});

test.each([
  ["31/Jan/2026:12:00:00 +0100", "dd/MMM/yyyy:HH:mm:ss Z", "2026-01-31T11:00:00Z"],
  ["2026-01-31T12:00:00.123Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX", "2026-01-31T12:00:00Z"],
  ["20260131120000", "yyyyMMddHHmmss", "2026-01-31T12:00:00Z"],
  ["260131", "yyMMdd", "2026-01-31T00:00:00Z"],
  ["991231", "yyMMdd", "1999-12-31T00:00:00Z"],
  ["Sat, 31 January 2026 12:05:06 AM UTC", "EEE, d MMMM yyyy hh:mm:ss a z", "2026-01-31T00:05:06Z"],
  ["1/2/2026 1:02:03 PM", "M/d/yyyy h:mm:ss a", "2026-01-02T13:02:03Z"],
  ["1/2/2026 0:02:03 PM", "M/d/yyyy K:mm:ss a", "2026-01-02T12:02:03Z"],
  ["1/2/2026 24:02:03", "M/d/yyyy kk:mm:ss", "2026-01-02T00:02:03Z"],
  ["Jan 31 12:00:00", "MMM dd HH:mm:ss", "2026-01-31T12:00:00Z"],
  ["12 o'clock 31.01.2026", "HH 'o''clock' dd.MM.yyyy", "2026-01-31T12:00:00Z"],
  ["31.01.2026  12:00 ", "dd.MM.yyyy HH:mm", "2026-01-31T12:00:00Z"],
  ["31.01.2026 12:00 Europe/Paris", "dd.MM.yyyy HH:mm zzz", "2026-01-31T11:00:00Z"],
  ["31.01.2026 12:00 more", "dd.MM.yyyy HH:mm", undefined],
  ["31.01.2026", "dd.MM.yyyy HH:mm", undefined],
  ["31.13.2026", "dd.MM.yyyy", undefined],
  ["31-01-2026", "dd.MM.yyyy", undefined],
  ["Foo 31 2026", "MMM dd yyyy", undefined],
  ["x 31 2026", "EEE dd yyyy", undefined],
  ["12:00 x", "HH:mm a", undefined],
  ["2026 5", "yyyy w", undefined],
  ["12:00:00", "HH:mm:ss", undefined],
  ["2601", "yyMMdd", undefined],
  ["31.01.2026 ?", "dd.MM.yyyy z", undefined],
  ["x", "y".repeat(200), undefined],
])("SimpleDateFormat: %j by %j is %s", (value, pattern, expected) => {
  expect(readSimpleDate(value, pattern, { near })).toBe(expected);
});
