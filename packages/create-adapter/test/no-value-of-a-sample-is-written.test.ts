import { readSamples, scaffold } from "@tributary/create-adapter";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { syntheticSamples } from "./synthetic-samples.ts";

const identity = { name: "acme", displayName: "Acme", source: "Custom" };
const utf8 = new TextEncoder();
const made = (text: string, keepValues = false) => scaffold(identity, readSamples(utf8.encode(text)), { keepValues });
const allOf = (files: ReadonlyMap<string, string>) => [...files].flat().join("\n");

/** Values that tell a person, an account, a secret: all that a reader of the package must not learn. */
const tells = [
  "canary",
  "corp.test",
  "jane",
  "john",
  "203.0.113.9",
  "2001:db8:1::7",
  "9f0c1c1e",
  "usr_8101",
  "usr_8102",
  "f_7731",
  "Gehaltsliste",
  "sk_live",
  "Sommer2025",
  "81001",
  "77001",
  "2025-11-02",
  "1762078272",
  "Nov  2",
  "3.25",
  "SUCCESS",
  "weird key",
];

test.for(Object.entries(syntheticSamples))("of the sample %s", ([, { text }]) => {
  const files = allOf(made(text).files);
  expect(tells.filter((value) => files.includes(value))).toEqual([]);
  const kept = allOf(made(text, true).files);
  expect(tells.some((value) => kept.includes(value))).toBe(true);
});

test("of any sample: texts of letters, long numbers, keys that are values", () => {
  const value = fc.oneof(
    fc.stringMatching(/^[A-Za-z]{12,40}$/),
    fc.emailAddress().map((address) => `x${address}`),
    fc.uuid(),
    fc.ipV4().map((address) => `${address}:8443`),
    fc.integer({ min: 100_000_000, max: 999_999_999 }),
    fc.webUrl(),
    fc.stringMatching(/^[\w ]{20,60}$/).filter((text) => text.trim().length > 12),
    fc
      .date({ min: new Date("2001-01-01"), max: new Date("2025-12-01"), noInvalidDate: true })
      .map((date) => date.toISOString()),
  );
  const key = fc.oneof(fc.constantFrom("id", "time", "action", "user", "ip", "note", "deep"), fc.uuid());
  const record = fc.dictionary(
    key,
    fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.dictionary(key, value, { maxKeys: 3 })),
  );
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (records) => {
      if (records.every((one) => Object.keys(one).length === 0)) return;
      expect(written(records)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test("of a sample whose numbers are those that made-up ones count up to", () => {
  const record = { id: 100_000_006, time: 100_000_005, deep: { note: [100_000_002, 100_000_003] } };
  expect(written([record])).toEqual([]);
});

/** Values of the records that are in the package. */
function written(records: readonly object[]): readonly string[] {
  const files = allOf(made(JSON.stringify(records)).files);
  return valuesOf(records).filter((leaf) => leaf.length > 8 && !names.has(leaf) && files.includes(leaf));
}

const names = new Set(["id", "time", "action", "user", "ip", "note", "deep"]);

function valuesOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [String(value)];
  const keys = Array.isArray(value) ? [] : Object.keys(value);
  return [...keys, ...Object.values(value).flatMap(valuesOf)];
}

test("equal values stay equal and different ones different, and the types stay", () => {
  const records = [
    { a: "x-secret", b: "x-secret", n: 12_345, ok: true, none: null, zero: 0, empty: "", list: [1, 2.5, "y-secret"] },
    { a: "y-secret", b: "z-secret", n: 12_346, ok: false, none: null, zero: 1, empty: " ", json: '{"k":"x-secret"}' },
  ];
  const { files } = made(JSON.stringify(records));
  const [one, two] = ["sample-1", "sample-2"].map(
    (name) => JSON.parse(files.get(`test/fixtures/${name}.record.json`) ?? "") as Record<string, unknown>,
  );
  expect(one).toMatchObject({ ok: true, none: null, zero: 0, empty: "" });
  expect(one!["a"]).toBe(one!["b"]);
  expect(new Set([one!["a"], two!["a"], two!["b"]]).size).toBe(3);
  expect((one!["list"] as unknown[])[2]).toBe(two!["a"]);
  expect(JSON.parse(two!["json"] as string)).toEqual({ k: one!["a"] });
  expect(one!["n"]).not.toBe(two!["n"]);
  expect(String(one!["n"])).toMatch(/^\d{5}$/);
});
