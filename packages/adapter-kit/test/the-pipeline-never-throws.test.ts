/* oxlint-disable typescript/no-unsafe-type-assertion, vitest/no-conditional-expect -- tests hand over what the types forbid */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { assertAdapter, defineAdapter, mapFrame, Refused, sniffFormat } from "../src/index.ts";
import type { Json, Result } from "../src/index.ts";
import { example } from "./example-adapter.ts";
import type { ExampleDefinition } from "./example-adapter.ts";

const context = { accountId: "111122223333", origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 } };
const adapter = defineAdapter(example);
const record = { id: "1", action: "login", at: "2026-01-01T00:00:00Z" };
const encode = (text: string) => new TextEncoder().encode(text);
const changed = (change: Partial<ExampleDefinition>) => defineAdapter({ ...example, ...change });
const one = (value: Json, change: Partial<ExampleDefinition> = {}, options?: Json): Result =>
  changed(change).map(value, { ...context, options })[0] as Result;
const event = (result: Result) => {
  expect(result).toMatchObject({ kind: "event" });
  return result.kind === "event" ? (JSON.parse(result.eventData) as Record<string, Json>) : {};
};

test("a record becomes an event with the channel's account, in the order of the schema", () => {
  const [result] = adapter.map(record, context);
  expect(result).toEqual({
    kind: "event",
    part: 0,
    id: "1",
    marks: [],
    eventData:
      '{"version":"1","userIdentity":{"type":"Unknown","principalId":"unknown"},"eventSource":"example","eventName":"login","eventTime":"2026-01-01T00:00:00Z","UID":"1","requestParameters":{"at":"2026-01-01T00:00:00Z"},"recipientAccountId":"111122223333"}',
  });
});

const hostile: readonly (() => never)[] = [
  () => {
    throw new Error("broken");
  },
  () => {
    throw undefined;
  },
  () => {
    throw {
      get message() {
        throw new Error("again");
      },
      toString() {
        throw new Error("and again");
      },
    };
  },
  () => {
    throw new Proxy(new Error("x"), {
      get: () => {
        throw new Error("trap");
      },
    });
  },
];

test("whatever a definition throws is a refusal", () => {
  for (const fault of hostile)
    for (const change of [
      { split: fault },
      { drop: fault },
      { eventId: fault },
      { toEvent: fault },
    ] as Partial<ExampleDefinition>[])
      expect(one(record, change)).toMatchObject({ kind: "refused", code: "ADAPTER_FAULT" });
  expect(
    one(record, {
      toEvent: () => {
        throw new Refused("NO_CUSTOMER", "It has no customer.", "/customer");
      },
    }),
  ).toEqual({
    kind: "refused",
    part: 0,
    code: "NO_CUSTOMER",
    path: "/customer",
    message: "It has no customer.",
  });
});

test("whatever a definition answers is an event or a refusal", () => {
  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const answers: readonly unknown[] = [
    undefined,
    null,
    1,
    "event",
    [],
    {},
    { userIdentity: null },
    { ...record, userIdentity: cyclic },
    { eventTime: 1n },
  ];
  for (const answer of answers) expect(one(record, { toEvent: () => answer as never }).kind).toBe("refused");
  for (const id of [undefined, "", "a b", "x".repeat(129), 7])
    expect(one(record, { eventId: () => id as never })).toMatchObject({ code: "ID_INVALID" });
  expect(one(record, { drop: () => "no-such-rule" })).toMatchObject({ code: "ADAPTER_FAULT" });
  expect(one(record, { split: () => 5 as never })).toMatchObject({ code: "ADAPTER_FAULT" });
});

test("an unknown member of the event is refused, not dropped", () => {
  const result = one(record, { toEvent: (known, told) => ({ ...example.toEvent(known, told), network: {} }) as never });
  expect(result).toMatchObject({ kind: "refused", code: "InvalidData" });
});

test("a record of another kind is refused with what is missing", () => {
  for (const value of [null, 1, "x", [], {}, { action: "", at: 1 }])
    expect(one(value)).toMatchObject({ kind: "refused", code: "RECORD_NOT_RECOGNISED" });
  expect(one({ action: "x" })).toMatchObject({ path: "/at" });
  expect(one({ ...record, at: "soon" })).toMatchObject({ code: "TIME_UNREADABLE", path: "/eventTime" });
});

test("each part of an envelope has its own id, result and number", () => {
  const results = adapter.map(
    { records: [record, { action: "heartbeat", at: 1 }, 5, { ...record, id: "2" }] },
    context,
  );
  expect(results.map(({ kind, part }) => [kind, part])).toEqual([
    ["event", 0],
    ["dropped", 1],
    ["refused", 2],
    ["event", 3],
  ]);
  expect(adapter.parts({ records: [record, 5] })).toEqual([record, 5]);
  expect(adapter.map({ records: [] }, context)).toEqual([]);
});

test("equal records without an id stay as many events, in one envelope and over several", () => {
  const { id: _id, ...bare } = record;
  const ids = [0, 1, 2].flatMap((occurrence) =>
    adapter
      .map(
        { records: [bare, bare, { ...bare, action: "logout" }] },
        { ...context, origin: { ...context.origin, occurrence } },
      )
      .map((result) => (result.kind === "event" ? result.id : "")),
  );
  expect(new Set(ids).size).toBe(9);
});

test("a drop rule can be switched off", () => {
  const beat = { action: "heartbeat", at: "2026-01-01T00:00:00Z" };
  expect(one(beat)).toEqual({ kind: "dropped", part: 0, rule: "heartbeat" });
  expect(one(beat, {}, { drops: { heartbeat: false } }).kind).toBe("event");
  expect(one(beat, {}, { drops: { heartbeat: true } }).kind).toBe("dropped");
});

test("options have defaults and are checked", () => {
  const local = { ...record, at: "2026-01-01 10:00:00" };
  expect(event(one(local))["eventTime"]).toBe("2026-01-01T10:00:00Z");
  expect(event(one(local, {}, { zone: "+02:00" }))["eventTime"]).toBe("2026-01-01T08:00:00Z");
  expect(one(local, {}, { zone: 2 })).toMatchObject({ kind: "refused", code: "OPTIONS_INVALID" });
});

test("secrets are masked by key and pointer before toEvent, and marked; the id sees the original", () => {
  const secret = {
    action: "x",
    at: 0,
    pin: 1234,
    Pass_Word: "p",
    deep: { a: { hidden: "h", shown: "s" } },
    list: [{ token: ["t", { a: "b" }] }],
    empty: { password: "" },
  };
  const result = one(secret);
  expect(event(result)["requestParameters"]).toEqual({
    at: 0,
    pin: "***",
    Pass_Word: "***",
    deep: { a: { hidden: "***", shown: "s" } },
    list: [{ token: ["***", { a: "***" }] }],
    empty: { password: "" },
  });
  expect(result.kind === "event" && result.marks.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    "redacted /pin",
    "redacted /Pass_Word",
    "redacted /deep/a/hidden",
    "redacted /list/0/token/0",
    "redacted /list/0/token/1/a",
  ]);
  const other = one({ ...secret, pin: 4321 });
  expect(other.kind === "event" && result.kind === "event" && other.id !== result.id).toBe(true);
});

test("oversize members are cut where the most bytes are, with the digest of the original", () => {
  const big = { ...record, small: "kept", inner: { list: ["a", "x".repeat(150_000), "b"] } };
  const result = one(big);
  const { inner, small } = event(result)["requestParameters"] as { inner: { list: Json[] }; small: string };
  expect(small).toBe("kept");
  expect(inner.list[1]).toMatchObject({
    trimmed: true,
    bytes: 150_002,
    sha256: expect.stringMatching(/^[-\w]{43}$/) as string,
    head: expect.stringMatching(/^x{90000,}$/) as string,
  });
  expect(result.kind === "event" && result.marks).toEqual([
    { kind: "trimmed", path: "/requestParameters/inner/list/1" },
  ]);
});

test("every event is within the limits, whatever the record holds", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 40 }),
    fc
      .tuple(fc.constantFrom("x", "é", '"', "\u{1f600}", "\u0001", "\ud800"), fc.integer({ min: 0, max: 60_000 }))
      .map(([unit, times]) => unit.repeat(times)),
  );
  const rich = fc.dictionary(
    fc.string({ maxLength: 5 }),
    fc.oneof(text, fc.array(text, { maxLength: 5 }), fc.dictionary(fc.string({ maxLength: 5 }), text, { maxKeys: 4 })),
    { maxKeys: 12 },
  );
  const everywhere: ExampleDefinition = {
    ...example,
    toEvent: (known, told) => {
      const data = known as unknown as Record<string, never>;
      return {
        ...example.toEvent(known, told),
        userIdentity: { type: "x", principalId: "y", details: data },
        responseElements: data,
        additionalEventData: data,
        errorMessage: data["text"],
      };
    },
  };
  fc.assert(
    fc.property(rich, text, (members, long) => {
      const result = one({ ...members, ...record, text: long, agent: long }, everywhere);
      if (long.trim() === "") return;
      expect(result).toMatchObject({ kind: "event" });
    }),
    { numRuns: 30 },
  );
}, 120_000);

test("what nests too deep for an event stands as text", () => {
  let deep: Json = 1;
  for (let level = 0; level < 63; level += 1) deep = { a: deep };
  const result = one({ ...record, deep });
  expect(result.kind === "event" && result.marks.map(({ kind }) => kind)).toEqual(["trimmed"]);
  expect(result.kind === "event" && result.eventData).toContain('"{\\"a\\":1}"');
});

test("bytes become results, and what cannot be decoded is refused", () => {
  const code = (bytes: Uint8Array, format = "lines") =>
    mapFrame(adapter, format, bytes, context).map((result) => (result.kind === "refused" ? result.code : result.kind));
  expect(code(encode(JSON.stringify(record)))).toEqual(["event"]);
  expect(code(Uint8Array.of(0xff))).toEqual(["NOT_UTF8"]);
  expect(code(encode("{"))).toEqual(["NOT_JSON"]);
  expect(code(encode('{"action":"a","at":0,"at":1}'))).toEqual(["DUPLICATE_KEY"]);
  expect(code(encode("[".repeat(99)))).toEqual(["TOO_DEEP"]);
  expect(code(encode("{}"), "csv")).toEqual(["FORMAT_UNKNOWN"]);
  expect(code(encode("{}"), "__proto__")).toEqual(["FORMAT_UNKNOWN"]);
  expect(mapFrame(adapter, "lines", encode("{}"), { ...context, tooLong: true })).toMatchObject([
    { code: "FRAME_TOO_LONG" },
  ]);
});

test("digits of big numbers arrive, marked by their place in the part", () => {
  const [result] = mapFrame(
    adapter,
    "lines",
    encode('{"records":[{"action":"a","at":0,"n":[12345678901234567890],"id":9007199254740993}]}'),
    context,
  );
  expect(result).toMatchObject({
    kind: "event",
    id: "9007199254740993",
    marks: [
      { kind: "big-number", path: "/n/0" },
      { kind: "big-number", path: "/id" },
    ],
  });
});

test("formats are told by their beginning, and a broken sniff tells nothing", () => {
  expect(sniffFormat(adapter, encode('{"a":1}\n{"a"'))).toBe("lines");
  expect(sniffFormat(adapter, encode(' [{"a"'))).toBe("array");
  expect(sniffFormat(adapter, encode("<134>"))).toBeUndefined();
  expect(
    sniffFormat(
      changed({
        formats: {
          a: {
            frame: "line",
            sniff: () => {
              throw new Error("x");
            },
          },
        },
      }),
      encode("{}"),
    ),
  ).toBeUndefined();
});

test("an adapter is known by its shape", () => {
  expect(assertAdapter(adapter)).toBe(adapter);
  expect(assertAdapter({ ...adapter })).toBeTruthy();
  expect(Object.isFrozen(adapter)).toBe(true);
  for (const other of [
    null,
    5,
    {},
    { ...adapter, contract: 2 },
    { ...adapter, map: 1 },
    { ...adapter, formats: { x: { frame: "lines" } } },
  ])
    expect(() => assertAdapter(other)).toThrow(expect.objectContaining({ code: "ADAPTER_INVALID" }) as Error);
  for (const change of [{ name: "Not A Name" }, { formats: {} }, { drops: {} }] as Partial<ExampleDefinition>[])
    expect(() => changed(change)).toThrow(expect.objectContaining({ code: "ADAPTER_INVALID" }) as Error);
});
