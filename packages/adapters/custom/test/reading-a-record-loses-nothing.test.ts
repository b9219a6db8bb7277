import type { Json } from "@tributary/adapter-kit";
import { isObject, mapFrame } from "@tributary/adapter-kit";
import * as fc from "fast-check";
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { builtIns, checkMapping, custom, customAdapter } from "../src/index.ts";

const context = {
  accountId: "111122223333",
  origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
};
const encode = (text: string) => new TextEncoder().encode(text);

/** Every text and number that stands somewhere in a value, keys included. */
function said(value: Json, found: Set<string> = new Set()): Set<string> {
  if (typeof value !== "object" || value === null) found.add(String(value));
  else
    for (const [key, member] of Object.entries(value)) {
      if (!Array.isArray(value)) found.add(key);
      said(member, found);
    }
  return found;
}

const word = fc.constantFrom(
  "a",
  "name",
  "value",
  "parameters",
  "parameter",
  "event",
  "eventIndex",
  "events",
  "id",
  "type",
  "intValue",
  "messageValue",
  "multiMessageValue",
  "identity",
  "properties",
  "operationName",
  "OPERATIONNAME",
  "operationname",
  "authorization",
  "authorizationInfo",
  "userid",
  "userId",
  "protoPayload",
  "protopayload",
  "timestamp",
  "__proto__",
);
const { tree } = fc.letrec<{ tree: Json; node: Json }>((tie) => ({
  tree: fc.oneof({ depthSize: "small" }, fc.constantFrom<Json>(null, true, 7, "text", '{"a":[1]}', "{"), tie("node")),
  node: fc.oneof(
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.array(fc.tuple(word, tie("tree")), { maxLength: 4 }).map((entries): Json => Object.fromEntries(entries)),
  ),
}));

const beginnings: Readonly<Record<string, Json>> = {
  azure: { operationName: "x", time: 1, category: "c" },
  "google-workspace": {
    id: { applicationName: "a" },
    events: [{ name: "n", parameters: [{ name: "p", value: "v" }] }, { name: "m" }],
  },
  "gcp-audit": { protoPayload: {} },
};

test.each(Object.entries(beginnings))(
  "%s: what is read says all that was written, and reads the same again",
  (name, beginning) => {
    const format = Object.values(builtIns).find((one) => one.name === name)!;
    // Names that carry no more once they are spelt another way, and the shell of parameters, which become members.
    const shells = new Set([
      "name",
      "value",
      "intValue",
      "messageValue",
      "multiMessageValue",
      "parameter",
      "events",
      "OPERATIONNAME",
      "operationname",
      "authorization",
      "userid",
      "protopayload",
    ]);
    fc.assert(
      fc.property(tree, (more) => {
        const value = isObject(more) ? { ...(isObject(beginning) ? beginning : {}), ...more } : beginning;
        if (!format.is(value)) return;
        const records = format.read!(value);
        const texts = new Set(records.flatMap((record) => [...said(record)]));
        // A text that is JSON may have been opened: then its parts are there.
        const missing = [...said(value)].filter(
          (text) => !shells.has(text) && text !== '{"a":[1]}' && !texts.has(text),
        );
        expect(missing).toEqual([]);
        for (const record of records) expect(format.read!(record)).toEqual([record]);
      }),
      { numRuns: 2000 },
    );
  },
);

test("the first of two spellings that is the table's own stays; the other keeps its name", () => {
  const [record] = builtIns.azure.read!({
    OPERATIONNAME: "a",
    operationName: "b",
    operationname: "c",
    time: 1,
    category: "c",
    PROPERTIES: { USERID: 1 },
  });
  expect(record).toEqual({
    OPERATIONNAME: "a",
    operationName: "b",
    operationname: "c",
    time: 1,
    category: "c",
    properties: { userId: 1 },
  });
});

const samples = new URL("../../../../../shared/samples/custom/rfc5424.json", import.meta.url);

const kinds = (texts: readonly string[]) =>
  texts.flatMap((text) => mapFrame(custom, "syslog", encode(text), context)).map(({ kind }) => kind);

test("every valid message of a collection of RFC 5424 texts is an event; of the invalid ones those that are still some syslog", () => {
  if (!existsSync(samples)) return console.log("no samples beside the repository: skipped");
  const collection = JSON.parse(readFileSync(samples, "utf8")) as Readonly<Record<string, readonly string[]>>;
  expect(kinds(collection["valid"] ?? []).filter((kind) => kind !== "event")).toEqual([]);
  const invalid = kinds(collection["invalid"] ?? []);
  console.log(
    `custom: rfc5424.json: ${collection["valid"]?.length} of ${collection["valid"]?.length} valid ones accepted, ${invalid.filter((kind) => kind === "event").length} of ${invalid.length} invalid ones read as they are`,
  );
  expect(invalid.filter((kind) => kind === "refused").length).toBeGreaterThan(0);
});

const event = (id: string): Json => ({
  specversion: "1.0",
  id,
  source: "s",
  type: "t",
  time: "2026-01-10T08:09:10Z",
});

test("the wrappers that a mapping and the built-in formats know", () => {
  const count = (value: Json, options?: Json) =>
    custom.map(value, { ...context, options }).filter(({ kind }) => kind === "event").length;
  for (const name of ["Records", "records", "events", "items", "value"]) {
    expect(count({ [name]: [event("1"), event("2")], count: 2, next: null })).toBe(2);
    expect(count({ [name]: [event("1")], more: {} })).toBe(0);
    expect(count({ [name]: [{ records: [event("1")] }, event("2")], more: 1 })).toBe(2);
  }
  expect(count([[event("1")], { Records: [event("2")] }])).toBe(2);
  expect(count({ events: [event("1"), event("2")], next: "x" }, { format: "cloudevents" })).toBe(2);
  expect(count({ events: [event("1")], next: "x" }, { format: "ocsf" })).toBe(0);
  // Streamed, whatever the length of the file.
  const body = encode(JSON.stringify({ events: [event("1"), event("2")] }));
  expect(Object.keys(custom.formats)).toEqual([
    "ndjson",
    "Records",
    "records",
    "events",
    "json",
    "syslog",
    "cef",
    "leef",
    "csv",
  ]);
  expect(mapFrame(custom, "events", body, context).map(({ kind }) => kind)).toEqual(["event", "event"]);
});

const time = (run: () => unknown): number => {
  const begin = performance.now();
  run();
  return performance.now() - begin;
};

test("hostile records and documents take no time", () => {
  const long = "x".repeat(1_000_000);
  const many = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
  const line = (text: string, format: string) => () => mapFrame(custom, format, encode(text), context);
  const mapping = customAdapter({
    version: 1,
    event: {
      eventSource: { replace: "/a", each: "x", with: "y".repeat(64) },
      eventName: ["/*/*/*", "{/a}{/a}{/a}", { const: "n" }],
      eventTime: [{ from: "/a", pattern: "/a" }, "/a", { receivedAt: true }],
      userIdentity: { principalId: { lower: { trim: { cut: "/a", afterLast: "y", before: "z" } } } },
      sourceIPAddress: "/a",
    },
  });
  const guess = { ...context, options: { mapping: "guess" } };
  const runs: readonly (readonly [string, () => unknown])[] = [
    ["a long text", () => mapping.map({ a: long }, context)],
    ["many members", () => mapping.map({ a: "x", m: many }, context)],
    ["many members, guessed", () => custom.map({ ...many, time: 1, action: "a" }, guess)],
    ["a wide array", () => custom.map({ records: Array.from({ length: 20_000 }, () => ({})) }, context)],
    [
      "an activity of many events",
      () =>
        custom.map(
          { id: { applicationName: "a", time: 1 }, x: long, events: Array.from({ length: 100_000 }, () => ({})) },
          context,
        ),
    ],
    [
      "many parameters",
      () =>
        custom.map(
          {
            id: { applicationName: "a" },
            parameters: Array.from({ length: 20_000 }, (_, index) => ({ name: `n${index}`, value: 1 })),
          },
          context,
        ),
    ],
    [
      "parameters of one name",
      () =>
        custom.map(
          {
            id: { applicationName: "a" },
            parameters: Array.from({ length: 200_000 }, () => ({ name: "n", value: 1 })),
          },
          context,
        ),
    ],
    ["quotes", line(`CEF:0|a|b|1|1|n|3|${'a="'.repeat(100_000)}`, "cef")],
    ["equals signs", line(`CEF:0|a|b|1|1|n|3|${" a=".repeat(5000)}${"=".repeat(200_000)}`, "cef")],
    ["delimiters", line(`LEEF:2.0|a|b|1|e|^|${"^".repeat(500_000)}`, "leef")],
    ["brackets", line(`<13>1 - - - - - ${'[a b="'.repeat(100_000)}`, "syslog")],
    [
      "braces",
      () => customAdapter({ version: 1, extends: "ocsf", event: { userAgent: "{{".repeat(200_000) + "{/a}" } }),
    ],
    ["commas", () => custom.formats["csv"]!.sniff!(`a${",a".repeat(30_000)}`)],
    ["blanks", () => custom.formats["syslog"]!.sniff!(" ".repeat(60_000))],
  ];
  expect(runs.map(([name, run]) => [name, time(run)] as const).filter(([, took]) => took > 10_000)).toEqual([]);
  const members = Array.from({ length: 15_000 }, (_, n) => `    k${n}: /a/${n}`).join("\n");
  const wide = `version: 1\nextends: ocsf\nevent:\n  additionalEventData:\n${members}`;
  expect(time(() => customAdapter(wide))).toBeLessThan(10_000);
  expect(time(() => checkMapping(`version: 1\n${members.replaceAll("    ", "")}`))).toBeLessThan(10_000);
  const bomb = `version: 1\na: &a [x, x]\n${Array.from({ length: 30 }, (_, n) => `k${n}: &k${n} [*${n === 0 ? "a" : `k${n - 1}`}, *${n === 0 ? "a" : `k${n - 1}`}]`).join("\n")}`;
  for (const document of [bomb, "[".repeat(50_000), `{"a":`.repeat(20_000), "a".repeat(2_000_000)]) {
    expect(time(() => expect(() => customAdapter(document)).toThrow(/The mapping is wrong/))).toBeLessThan(5000);
  }
});
