/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  compact,
  contentId,
  fitsId,
  idFrom,
  ipAddress,
  redactText,
  rest,
  taking,
  text,
  truncate,
  valueAt,
} from "../src/index.ts";
import type { Json } from "../src/index.ts";
import { leavesOf } from "../src/suite/leaves.ts";

test.each(["192.0.2.1", "2001:db8::1", "::", "::ffff:192.0.2.1", " 192.0.2.1 "])("%j is an address", (literal) => {
  expect(ipAddress(literal)).toBe(literal.trim());
});

test.each([
  "",
  "000.000.00.000",
  "PVWA",
  "<redacted>",
  "192.0.2.1:443",
  "[::1]",
  "fe80::1%eth0",
  "192.0.2.0/24",
  "1.2.3",
  "256.1.1.1",
  ":::",
  null,
  3_221_225_985,
  {},
])("%j is no address", (other) => {
  expect(ipAddress(other)).toBeUndefined();
});

test("ids fit the pattern, are stable, and differ where the source's ids differ", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 300 }),
      fc.string({ minLength: 1, maxLength: 300 }),
      (one, two) => {
        expect(fitsId(idFrom(one))).toBe(true);
        expect(idFrom(one)).toBe(idFrom(one));
        expect(idFrom(one) === idFrom(two)).toBe(one === two);
        if (fitsId(one)) expect(idFrom(one)).toBe(one);
      },
    ),
  );
  expect(() => idFrom("")).toThrow(expect.objectContaining({ code: "ID_MISSING" }) as Error);
});

test("content ids do not depend on the order of keys, and tell equal records apart by their occurrence", () => {
  expect(contentId({ a: 1, b: { c: 2, d: 3 } }, 0, "x")).toBe(contentId({ b: { d: 3, c: 2 }, a: 1 }, 0, "x"));
  expect(new Set([0, 1, 2].map((occurrence) => contentId({ a: 1 }, occurrence, "x"))).size).toBe(3);
  expect(contentId({ a: 1 }, 0, "x")).toMatch(/^x-[-_A-Za-z0-9]{43}$/);
});

test("what was taken and the rest are the record, each leaf once", () => {
  const record = fc.dictionary(
    fc.constantFrom("a", "b", "c", "__proto__", "d/e"),
    fc.letrec<{ node: Json }>((tie) => ({
      node: fc.oneof(
        fc.constantFrom<Json>(1, "", " ", "text", null, true, [], {}, [{ a: 1 }, 2]),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node"), { maxKeys: 3 }) as fc.Arbitrary<Json>,
      ),
    })).node,
  );
  const paths = fc.array(
    fc.array(fc.constantFrom<string | number>("a", "b", "c", "d/e", "__proto__", 0), { minLength: 1, maxLength: 3 }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(record, paths, (value, wanted) => {
      const take = taking(value);
      const taken = wanted.filter((path) => take.value(...path) !== undefined);
      const left = leavesOf(take.rest() ?? {}).map(({ path, value: leaf }) => JSON.stringify([path, leaf]));
      for (const leaf of leavesOf(value)) {
        const covered = taken.some((path) => path.every((step, at) => leaf.path[at] === String(step)));
        const kept = left.includes(JSON.stringify([leaf.path, leaf.value]));
        // Arrays stay whole, so an element may be in both places, never in neither.
        expect(covered || kept || leaf.path.length === 0).toBe(true);
        if (covered && !leaf.path.some((step) => /^\d+$/.test(step))) expect(kept).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});

test("rest takes JSON pointers too", () => {
  expect(rest({ a: { b: 1, "c/d": 2 }, e: [1, 2], f: null }, ["/a/c~1d", "/e/0"])).toEqual({
    a: { b: 1 },
    e: [1, 2],
    f: null,
  });
  expect(rest({ a: { b: 1 } }, ["/a/b"])).toBeUndefined();
  expect(() => rest({}, ["a"])).toThrow(TypeError);
});

test("readers look at own members only", () => {
  expect(valueAt({}, "__proto__")).toBeUndefined();
  expect(valueAt({}, "constructor", "name")).toBeUndefined();
  expect(valueAt([1], "length")).toBeUndefined();
  expect(valueAt("text", 0)).toBeUndefined();
  expect([text(" "), text(0), text(false), text({}), text("x")]).toEqual([undefined, "0", "false", undefined, "x"]);
  expect(compact({ a: undefined })).toBeUndefined();
  expect(compact({ a: null, b: undefined })).toEqual({ a: null });
});

test("texts are cut by code points, with a marker", () => {
  expect(truncate("\u{1f600}".repeat(20), 20)).toBe("\u{1f600}".repeat(20));
  expect(truncate("\u{1f600}".repeat(21), 20)).toBe(`${"\u{1f600}".repeat(10)}…[trimmed]`);
});

test.each([
  ["/login?stateToken=abc&x=1#f", "/login?stateToken=***&x=1#f"],
  ["https://a.example/cb?code=abc&state=1", "https://a.example/cb?code=***&state=1"],
  ["{apiToken=abc, level=LOW}", "{apiToken=***, level=LOW}"],
  ['{"access_token":"a\\"b","x":"y"}', '{"access_token":"***","x":"y"}'],
  ["Authorization: Bearer abcdefghijklmnopqrstuvwxyz", "Authorization: Bearer ***"],
  ["the code=1 of a sentence and token", "the code=*** of a sentence and token"],
  ["nothing here = there", "nothing here = there"],
])("%j is redacted to %j", (given, expected) => {
  expect(redactText(given)).toBe(expected);
});

test("redaction of hostile text is linear", () => {
  for (const part of ['"a":"', "?a=", '"a" : ', "a=", "Bearer ", '\\"', "{a"]) {
    const started = performance.now();
    redactText(part.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(2000);
  }
});
