import { Type as T } from "@sinclair/typebox";
import type { TSchema } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { checkAuditEvent, parseJson, scanJson } from "@tributary/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Json, JsonObject } from "../src/contract/json.ts";
import { decodeJson } from "../src/decode/decode-json.ts";
import { isHeldExactly } from "../src/decode/is-held-exactly.ts";
import { isPlainJson } from "../src/decode/is-plain-json.ts";
import { Taken } from "../src/mapping/taken.ts";
import { isSurelyValid } from "../src/pipeline/is-surely-valid.ts";
import { recogniser } from "../src/pipeline/recogniser.ts";

const runs = { numRuns: 3000 };

/** JSON texts as nobody should write them: white space, colons, escapes, keys twice, numbers of any length. */
const blank = fc.constantFrom("", "", "", " ", "\n\t ");
const prose = fc.constantFrom(
  "a",
  "b",
  ":",
  " : ",
  '\\"',
  '\\":',
  '\\" :1',
  "\\\\",
  "\\u003a",
  "::1",
  "12345678901234567",
  "1e9",
);
const textLiteral = fc.array(prose, { maxLength: 4 }).map((parts) => `"${parts.join("")}"`);
const numberLiteral = fc.stringMatching(/^-?(0|[1-9][0-9]{0,24})(\.[0-9]{1,22})?([eE][+-]?[0-9]{1,3})?$/);
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("null", "true"),
    numberLiteral,
    textLiteral,
    fc
      .array(fc.tuple(blank, tie("json"), blank), { maxLength: 3 })
      .map((all) => `[${all.map((one) => one.join("")).join(",")}]`),
    fc
      .array(fc.tuple(blank, textLiteral, blank, tie("json"), blank), { maxLength: 3 })
      .map((all) => `{${all.map(([a, key, b, value, c]) => `${a}${key}${b}:${a}${value}${c}`).join(",")}}`),
  ),
}));

test("a text called plain names no key twice, is shallow, and each of its numbers is held", () => {
  let plain = 0;
  fc.assert(
    fc.property(json, fc.integer({ min: 1, max: 5 }), (text, depth) => {
      const numbers: { value: number; source: string }[] = [];
      const value = parseJson(text, (_key, member: unknown, context?: { source?: string }) => {
        if (typeof member === "number") numbers.push({ value: member, source: context?.source ?? "" });
        return member;
      });
      if (!isPlainJson(text, parseJson(text), depth)) return;
      plain += 1;
      expect(scanJson(text, { maxDepth: depth })).toMatchObject({ ok: true });
      // The reviver is not shown what a key named twice lost, which scanJson has ruled out.
      expect(numbers.filter((number) => !isHeldExactly(number.value, number.source))).toEqual([]);
      expect(decodeJson(text)).toEqual({ value });
    }),
    runs,
  );
  expect(plain).toBeGreaterThan(runs.numRuns / 10);
});

test("colons in prose, IPv6 addresses aside, and numbers a double holds do not make a record doubtful", () => {
  for (const text of [
    '{"a":"b : c","d":"e: f","g" : "h"}',
    '{"a":1796083200000,"b":[1,2],"c":0.1234567890123456}',
    '{"a":"x\\" : y"}',
  ])
    expect(isPlainJson(text, parseJson(text), 64)).toBe(true);
  for (const text of [
    '{"a":1,"a":2}',
    '{"a":12345678901234567890}',
    '{"a":[12345678901234567890]}',
    '[{"a" : 1, "a" : 2}]',
  ])
    expect(isPlainJson(text, parseJson(text), 64)).toBe(false);
});

const leaf = fc.constantFrom<TSchema>(
  T.Unknown(),
  T.Any(),
  T.Null(),
  T.Boolean(),
  T.Literal("a"),
  T.Literal(1),
  T.String(),
  T.String({ minLength: 1, maxLength: 3 }),
  T.String({ pattern: "\\S" }),
  T.Number({ exclusiveMinimum: 0, exclusiveMaximum: 9, multipleOf: 0.5 }),
  T.Integer({ minimum: 0, maximum: 4 }),
  T.Record(T.String(), T.String()),
  T.String({ format: "unheard-of" }),
);
const key = fc.constantFrom("a", "b", "toString", "__proto__", "constructor");
const { schema } = fc.letrec<{ schema: TSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("schema"), { minLength: 2, maxLength: 3 }).map((all) => T.Union(all)),
    tie("schema").map((items) => T.Array(items, { maxItems: 2 })),
    fc
      .array(fc.tuple(key, tie("schema"), fc.boolean()), { maxLength: 4 })
      .map((all) => T.Object(Object.fromEntries(all.map(([name, one, may]) => [name, may ? T.Optional(one) : one])))),
  ),
}));
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, true, "", "a", " ", "long text", 0, 1, 2.5, 4, 5, -1),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((all): Json => Object.fromEntries(all)),
  ),
})).value;

test("a recogniser answers as TypeBox's interpreter does", () => {
  let fits = 0;
  fc.assert(
    fc.property(schema, value, (one, any) => {
      const expected = Value.Check(one, any);
      if (expected) fits += 1;
      expect(recogniser(one)(any)).toBe(expected);
    }),
    { numRuns: 10_000 },
  );
  expect(fits).toBeGreaterThan(1000);
});

const text = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "x".repeat(128),
    "x".repeat(129),
    "x".repeat(257),
    "x".repeat(1025),
    "\u{1f600}".repeat(100),
  ),
  fc.string(),
);
const sometimes = <Value>(usual: fc.Arbitrary<Value>) =>
  fc.oneof(
    { weight: 60, arbitrary: usual },
    { weight: 1, arbitrary: fc.jsonValue() },
    { weight: 1, arbitrary: fc.constant(undefined) },
  );
const members = fc.oneof(
  { weight: 6, arbitrary: fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 2 }) },
  { weight: 1, arbitrary: fc.constant({ a: "x".repeat(30_000) }) },
);
const accountId = "111122223333";
const event = fc.record({
  version: sometimes(fc.constantFrom("1", "1", "")),
  userIdentity: sometimes(
    fc.record({ type: sometimes(fc.constant("User")), principalId: sometimes(text), details: sometimes(members) }),
  ),
  userAgent: sometimes(fc.constant("curl")),
  eventSource: sometimes(fc.constant("source")),
  eventName: sometimes(fc.constant("name")),
  eventTime: sometimes(
    fc.constantFrom(
      "2026-01-31T12:00:00Z",
      "2026-01-31T12:00:00Z",
      "2026-02-02T12:00:00Z",
      "2026-02-30T12:00:00Z",
      "1969-12-31T23:59:59Z",
      "2026-01-31T12:00:00",
    ),
  ),
  UID: sometimes(fc.constant("id")),
  requestParameters: sometimes(members),
  responseElements: sometimes(members),
  errorCode: sometimes(text),
  errorMessage: sometimes(fc.constant("message")),
  sourceIPAddress: sometimes(fc.constantFrom("10.0.0.1", "::1", "10.0.0.01", "host")),
  recipientAccountId: sometimes(fc.constant(accountId)),
  additionalEventData: sometimes(members),
});

test("an event called surely valid has no problem", () => {
  const now = Date.parse("2026-02-01T00:00:00Z");
  let sure = 0;
  fc.assert(
    fc.property(event, (one) => {
      const eventData = JSON.stringify(one);
      const parsed = JSON.parse(eventData) as JsonObject;
      if (!isSurelyValid(parsed, eventData.length, accountId, now)) return;
      sure += 1;
      expect(checkAuditEvent({ eventData }, { profile: "sender", accountId, now }).problems).toEqual([]);
    }),
    { numRuns: 10_000 },
  );
  expect(sure).toBeGreaterThan(100);
});

test("what was taken is what a tree of maps says, however many paths there are", () => {
  const step = fc.oneof(fc.constantFrom("a", "b", "__proto__", 0, 1), fc.nat({ max: 60 }).map(String));
  type Tree = Map<string, Tree | true>;
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 60 }), (paths) => {
      const taken = new Taken();
      const tree: Tree = new Map();
      for (const path of paths) {
        taken.add(path);
        let level = tree;
        for (const [index, one] of path.entries()) {
          const name = String(one);
          const below = level.get(name);
          if (index === path.length - 1) level.set(name, true);
          else if (below === true) break;
          else {
            const next: Tree = below ?? new Map<string, Tree | true>();
            level.set(name, next);
            level = next;
          }
        }
      }
      const names = ["a", "b", "__proto__", "missing", ...Array.from({ length: 61 }, (_, n) => String(n))];
      /** Every path to what was taken, of either. */
      const all = (one: { get(name: string): unknown }, at: string): readonly string[] =>
        names.flatMap((name) => {
          const below = one.get(name);
          if (below === undefined) return [];
          return below === true ? [`${at}/${name}`] : all(below as typeof one, `${at}/${name}`);
        });
      const view = (one: Taken): { get(name: string): unknown } => ({
        get: (name) => {
          const below = one.at(name);
          return below instanceof Taken ? view(below) : below;
        },
      });
      expect(all(view(taken), "")).toEqual(all(tree, ""));
    }),
  );
});
