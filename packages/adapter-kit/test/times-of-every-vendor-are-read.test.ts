/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readUtcSeconds, Refused, utcSeconds } from "../src/index.ts";

const near = "2026-01-31T12:00:00.000Z";

test.each([
  ["2024-05-02T18:46:21.999Z", "2024-05-02T18:46:21Z"],
  ["2024-05-02T18:46:21Z", "2024-05-02T18:46:21Z"],
  ["2024-05-02T20:46:21+02:00", "2024-05-02T18:46:21Z"],
  ["2024-05-02T13:16:21.5-0530", "2024-05-02T18:46:21Z"],
  ["2024-05-02T18:46:21", "2024-05-02T18:46:21Z"],
  ["2024-05-02 18:46:21 UTC", "2024-05-02T18:46:21Z"],
  ["2024-05-02 18:46:21 +0000 UTC", "2024-05-02T18:46:21Z"],
  ["2024-05-02 18:46:21.121000000", "2024-05-02T18:46:21Z"],
  ["2022-06-22 18:18:29.015", "2022-06-22T18:18:29Z"],
  [1_590_364_206, "2020-05-24T23:50:06Z"],
  [1_590_364_206.999, "2020-05-24T23:50:06Z"],
  [1_776_674_727_346, "2026-04-20T08:45:27Z"],
  ["1776674727346", "2026-04-20T08:45:27Z"],
  ["1590364206.00", "2020-05-24T23:50:06Z"],
  ["1633132608.219", "2021-10-01T23:56:48Z"],
  ["1776674727346000", "2026-04-20T08:45:27Z"],
  ["1776674727346000123", "2026-04-20T08:45:27Z"],
  ["Apr 07 09:51:42", "2025-04-07T09:51:42Z"],
  ["Jan  7 09:51:42", "2026-01-07T09:51:42Z"],
  ["Feb 01 11:00:00", "2026-02-01T11:00:00Z"],
  ["Feb 02 11:00:00", "2025-02-02T11:00:00Z"],
  ["Feb 29 11:00:00", "2024-02-29T11:00:00Z"],
  [0, "1970-01-01T00:00:00Z"],
])("%j is %s", (given, expected) => {
  expect(utcSeconds(given, { near })).toBe(expected);
});

test.each([
  null,
  undefined,
  "",
  " ",
  "redacted",
  "2024-13-01T00:00:00Z",
  "2024-02-30T00:00:00Z",
  "2024-05-02T25:00:00Z",
  "2024-05-02",
  "yesterday",
  "Foo 07 09:51:42",
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 53,
  true,
  {},
  [],
  "2107-01-01T00:00:00Z",
  "1969-12-31T23:59:59Z",
  "9".repeat(400),
  "2024-05-02T18:46:21 Europe/Berlin",
])("%j is refused by name", (given) => {
  expect(readUtcSeconds(given, { near })).toBeUndefined();
  expect(() => utcSeconds(given, { near })).toThrow(expect.objectContaining({ code: "TIME_UNREADABLE" }) as Refused);
});

test("a zone is taken for times that have none, and only for those", () => {
  expect(utcSeconds("2024-05-02 18:46:21", { zone: "+02:00" })).toBe("2024-05-02T16:46:21Z");
  expect(utcSeconds("2024-05-02T18:46:21Z", { zone: "+02:00" })).toBe("2024-05-02T18:46:21Z");
  expect(utcSeconds("Apr 07 09:51:42", { zone: "-08:00", near })).toBe("2025-04-07T17:51:42Z");
  expect(readUtcSeconds("Apr 07 09:51:42")).toBeUndefined();
});

test("the second is cut off, never rounded, whatever the shape", () => {
  fc.assert(
    fc.property(fc.integer({ min: 10 ** 11, max: 4_294_967_295_999 }), (millis) => {
      const iso = new Date(millis).toISOString();
      const expected = `${iso.slice(0, 19)}Z`;
      const shapes = [
        millis,
        String(millis),
        iso,
        iso.replace("T", " ").replace("Z", " UTC"),
        iso.replace("Z", "+00:00"),
        expected,
      ];
      for (const shape of shapes) expect(utcSeconds(shape)).toBe(expected);
      expect(utcSeconds(expected)).toBe(expected);
    }),
  );
});
