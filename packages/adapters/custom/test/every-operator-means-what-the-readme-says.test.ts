import type { Json, JsonObject } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { custom, customAdapter } from "../src/index.ts";
import type { Mapping } from "../src/index.ts";

const context = {
  accountId: "111122223333",
  origin: { receivedAt: "2026-01-31T12:00:00.000Z", occurrence: 0 },
};
type Table = NonNullable<Mapping["event"]>;

/** What a record becomes by a table over one that any record fits. */
function mapped(table: Table, record: JsonObject, more: Partial<Mapping> = {}): JsonObject {
  const mapping: Mapping = {
    version: 1,
    ...more,
    event: {
      eventSource: { const: "shop" },
      eventName: { const: "buy" },
      eventTime: { receivedAt: true },
      userIdentity: { principalId: { const: "alice" } },
      ...table,
    },
  };
  const [result] = customAdapter(mapping).map(record, context);
  expect(result).toMatchObject({ kind: "event" });
  return result?.kind === "event" ? (JSON.parse(result.eventData) as JsonObject) : {};
}

const agentOf = (userAgent: NonNullable<Table["userAgent"]>, record: JsonObject) =>
  mapped({ userAgent }, record)["userAgent"];

test("pointers, templates, lists and constants", () => {
  expect(agentOf("/a/b", { a: { b: "x" } })).toBe("x");
  expect(agentOf("/a/1", { a: [0, 7] })).toBe("7");
  expect(agentOf("/a~1b/~0", { "a/b": { "~": true } })).toBe("true");
  expect(agentOf("/a", { a: {} })).toBe(undefined);
  expect(agentOf("/a", { a: " " })).toBe(undefined);
  expect(agentOf("/toString", {})).toBe(undefined);
  expect(agentOf("/a/*/b", { a: { x: { c: 1 }, y: { b: null }, z: { b: "z" } } })).toBe("z");
  expect(agentOf("/a/*/b", { a: [{ b: "" }, { b: "two" }, { b: "three" }] })).toBe("two");
  expect(agentOf("{/a}:{/b/c}", { a: 1, b: { c: "x" } })).toBe("1:x");
  expect(agentOf("{/a}:{/b}", { a: 1 })).toBe(undefined);
  expect(agentOf("{{{/a}}}", { a: 1 })).toBe("{1}");
  expect(agentOf("{/a/*/b}!", { a: [{}, { b: 2 }] })).toBe("2!");
  expect(agentOf(["/a", "{/b}", { const: "c" }], { b: "b" })).toBe("b");
  expect(agentOf(["/a", { const: "c" }], {})).toBe("c");
  expect(agentOf({ const: 5 }, {})).toBe("5");
});

test("maps, cases, trimming, cutting and replacing", () => {
  const map = { map: { "1": "one", true: "yes" }, from: "/a" };
  expect(agentOf(map, { a: 1 })).toBe("one");
  expect(agentOf(map, { a: true })).toBe("yes");
  expect(agentOf(map, { a: "constructor" })).toBe(undefined);
  expect(agentOf({ ...map, default: "/a" }, { a: "other" })).toBe("other");
  expect(agentOf({ ...map, default: { const: "none" } }, {})).toBe("none");
  expect(agentOf({ lower: "/a" }, { a: "ÄB" })).toBe("äb");
  expect(agentOf({ upper: "/a" }, { a: "äb" })).toBe("ÄB");
  expect(agentOf({ trim: "/a" }, { a: "\t b " })).toBe("b");
  expect(agentOf({ lower: ["/x", "/a"] }, { a: "B" })).toBe("b");
  expect(agentOf({ cut: "/a", after: ":" }, { a: "x:y:z" })).toBe("y:z");
  expect(agentOf({ cut: "/a", afterLast: ":" }, { a: "x:y:z" })).toBe("z");
  expect(agentOf({ cut: "/a", before: ":" }, { a: "x:y:z" })).toBe("x");
  expect(agentOf({ cut: "/a", after: ":", before: ":" }, { a: "x:y:z" })).toBe("y");
  expect(agentOf({ cut: "/a", after: "-" }, { a: "x:y:z" })).toBe(undefined);
  expect(agentOf([{ cut: "/a", before: "-" }, "/a"], { a: "x:y:z" })).toBe("x:y:z");
  expect(agentOf({ replace: "/a", each: " ", with: "-" }, { a: "x y  z" })).toBe("x-y--z");
  expect(agentOf({ replace: "/a", each: ".", with: "$&" }, { a: "x.y" })).toBe("x$&y");
});

test("conditions", () => {
  const when = (condition: NonNullable<NonNullable<Mapping["kinds"]>[number]["when"]>, record: JsonObject) =>
    agentOf({ when: condition, use: { const: "yes" }, else: { const: "no" } }, record);
  expect(when({ "/a": "x" }, { a: "x" })).toBe("yes");
  expect(when({ "/a": "x" }, { a: "X" })).toBe("no");
  expect(when({ "/a": "7" }, { a: 7 })).toBe("yes");
  expect(when({ "/a": { equals: "x", ignoreCase: true } }, { a: "X" })).toBe("yes");
  expect(when({ "/a": { in: ["x", 7] } }, { a: 7 })).toBe("yes");
  expect(when({ "/a": { in: ["x", "Y"], ignoreCase: true } }, { a: "y" })).toBe("yes");
  expect(when({ "/a": { in: ["x"] } }, {})).toBe("no");
  expect(when({ "/a": { in: ["null"] } }, { a: null })).toBe("no");
  expect(when({ "/a": { exists: true } }, { a: "" })).toBe("no");
  expect(when({ "/a": { exists: true } }, { a: false })).toBe("yes");
  expect(when({ "/a": { exists: false } }, { a: null })).toBe("yes");
  expect(when({ "/a": { exists: true } }, { a: [] })).toBe("yes");
  expect(when({ "/a": { min: 400 } }, { a: 400 })).toBe("yes");
  expect(when({ "/a": { min: 400, max: 499 } }, { a: "404" })).toBe("yes");
  expect(when({ "/a": { min: 400, max: 499 } }, { a: 500 })).toBe("no");
  expect(when({ "/a": { min: 400 } }, { a: "many" })).toBe("no");
  expect(when({ "/a": "x", "/b": "y" }, { a: "x" })).toBe("no");
  expect(when([{ "/a": "x" }, { "/b": "y" }], { b: "y" })).toBe("yes");
  expect(when({ "/a/*/b": "x" }, { a: [{ b: "y" }, { b: "x" }] })).toBe("yes");
  expect(when({ "/a/*/b": { exists: false } }, { a: [{ b: "" }, {}] })).toBe("yes");
  expect(when({ "/a/*/b": { exists: false } }, { a: [{ b: "" }, { b: 1 }] })).toBe("no");
  expect(agentOf({ when: { "/a": "x" }, use: { const: "yes" } }, {})).toBe(undefined);
});

const timeOf = (eventTime: NonNullable<Table["eventTime"]>, record: JsonObject, zone?: string) =>
  mapped({ eventTime: [eventTime, { receivedAt: true }] }, record, zone === undefined ? {} : { zone })["eventTime"];

test("times", () => {
  const received = "2026-01-31T12:00:00Z";
  expect(timeOf("/t", { t: "2026-01-10T08:09:10.987+02:00" })).toBe("2026-01-10T06:09:10Z");
  expect(timeOf("/t", { t: 1768032550 })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf("/t", { t: "Jan 10 08:09:10" })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "iso" }, { t: 1768032550 })).toBe(received);
  expect(timeOf({ from: "/t", format: "iso" }, { t: "2026-01-10 08:09:10" })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "rfc3164" }, { t: "Dec 31 23:59:59" })).toBe("2025-12-31T23:59:59Z");
  expect(timeOf({ from: "/t", format: "rfc3164" }, { t: "2026-01-10T08:09:10Z" })).toBe(received);
  // A format is meant: small milliseconds are none of seconds.
  expect(timeOf({ from: "/t", format: "epoch-ms" }, { t: 86_400_999 })).toBe("1970-01-02T00:00:00Z");
  expect(timeOf({ from: "/t", format: "epoch-s" }, { t: "1768032550.999" })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "epoch-s" }, { t: 1768032550.999 })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "epoch-us" }, { t: 1768032550999999 })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "epoch-ns" }, { t: "1768032550999999999" })).toBe("2026-01-10T08:09:10Z");
  expect(timeOf({ from: "/t", format: "epoch-us" }, { t: 12_345 })).toBe("1970-01-01T00:00:00Z");
  expect(timeOf({ from: "/t", format: "epoch-ns" }, { t: "12345678" })).toBe("1970-01-01T00:00:00Z");
  expect(timeOf({ from: "/t", format: "epoch-ns" }, { t: 1e300 })).toBe(received);
  expect(timeOf({ from: "/t", format: "epoch-ms" }, { t: -1 })).toBe(received);
  expect(timeOf("/t", { t: "2026-01-10 08:09:10" }, "+01:00")).toBe("2026-01-10T07:09:10Z");
  expect(timeOf({ from: "/t", zone: "Z" }, { t: "2026-01-10 08:09:10" }, "+01:00")).toBe("2026-01-10T08:09:10Z");
  for (const [written, utc] of [
    ["2026-01-10 08:09:10", "2026-01-10T07:09:10Z"],
    ["2025-07-10 08:09:10", "2025-07-10T06:09:10Z"],
    ["2025-10-26 02:30:00", "2025-10-26T00:30:00Z"], // Twice: the first of the two.
    ["2025-03-30 02:30:00", "2025-03-30T01:30:00Z"], // Left out: as before the change.
    ["2025-07-10 08:09:10Z", "2025-07-10T08:09:10Z"],
  ] as const)
    expect([written, timeOf("/t", { t: written }, "Europe/Berlin")]).toEqual([written, utc]);
  const pattern = { const: "dd/MM/yyyy hh:mm:ss a" };
  expect(timeOf({ from: "/t", pattern }, { t: "10/01/2026 08:09:10 PM" })).toBe("2026-01-10T20:09:10Z");
  expect(timeOf({ from: "/t", pattern: "/p" }, { t: "10.1.2026", p: "d.M.yyyy" })).toBe("2026-01-10T00:00:00Z");
  expect(timeOf({ from: "/t", pattern: "/p" }, { t: "10.1.2026" })).toBe(received);
  expect(timeOf({ when: { "/k": 1 }, use: "/a", else: "/b" }, { k: 2, b: "2026-01-10T08:09:10Z" })).toBe(
    "2026-01-10T08:09:10Z",
  );
  expect(timeOf({ when: { "/k": 1 }, use: "/a" }, { k: 2 })).toBe(received);
});

const of = (a: Json) => {
  const event = mapped({ sourceIPAddress: ["/a", "/b"] }, { a, b: "192.0.2.9" });
  return [event["sourceIPAddress"], (event["additionalEventData"] as JsonObject)["a"]];
};

test("addresses lose their port and brackets; what is no address counts as absent", () => {
  expect(of("192.0.2.1")).toEqual(["192.0.2.1", undefined]);
  expect(of("192.0.2.1:443")).toEqual(["192.0.2.1", "192.0.2.1:443"]);
  expect(of("2001:db8::1")).toEqual(["2001:db8::1", undefined]);
  expect(of("[2001:db8::1]:443")).toEqual(["2001:db8::1", "[2001:db8::1]:443"]);
  expect(of("[2001:db8::1]")).toEqual(["2001:db8::1", "[2001:db8::1]"]);
  for (const none of ["host", "192.0.2.1.5:1", "192.0.2:443", "", 7, "999.0.2.1:80"])
    expect(of(none)).toEqual(["192.0.2.9", none]);
});

test("objects: one of the record's, or its members one by one; what has no place is the rest", () => {
  const record = { a: { x: 1, y: null }, b: [1], c: "text", d: {}, e: "", f: 2 };
  expect(mapped({ requestParameters: "/a" }, record)).toMatchObject({
    requestParameters: { x: 1, y: null },
    additionalEventData: { eventTimeFrom: "receivedAt", b: [1], c: "text", d: {}, e: "", f: 2 },
  });
  expect(mapped({ requestParameters: "/b" }, record)["requestParameters"]).toEqual({ b: [1] });
  expect(mapped({ requestParameters: ["/none", "/d", "/e", "/c"] }, record)["requestParameters"]).toEqual({
    c: "text",
  });
  expect(mapped({ requestParameters: "{/c}!" }, record)["requestParameters"]).toEqual({ value: "text!" });
  expect(
    mapped(
      { responseElements: { n: { object: { f: "/f", none: "/none" } }, no: { object: { none: "/none" } } } },
      record,
    )["responseElements"],
  ).toEqual({ n: { f: 2 } });
  expect(mapped({ requestParameters: { c: "/f" } }, record, { rest: "requestParameters" })).toMatchObject({
    requestParameters: { c: 2, a: { x: 1, y: null }, b: [1], d: {}, e: "", rest: { c: "text" } },
    additionalEventData: { eventTimeFrom: "receivedAt" },
  });
  expect(
    mapped({ additionalEventData: { a: { const: 1 }, rest: { const: 2 } } }, { a: 3, rest_: 4 })["additionalEventData"],
  ).toEqual({
    a: 1,
    rest: 2,
    eventTimeFrom: "receivedAt",
    rest_: 4,
    rest__: { a: 3 },
  });
});

const idOf = (
  id: NonNullable<Mapping["id"]> | undefined,
  record: JsonObject,
  more: Partial<Mapping["event"]> = {},
  origin = context.origin,
) => {
  const document: Mapping = {
    version: 1,
    name: "till",
    ...(id === undefined ? {} : { id }),
    event: {
      eventSource: { const: "s" },
      eventName: { const: "n" },
      eventTime: "/t",
      userIdentity: { principalId: { const: "p" } },
      ...more,
    },
  };
  const [result] = customAdapter(document).map({ t: 1768032550, ...record }, { ...context, origin });
  return result?.kind === "event" ? [result.id, (JSON.parse(result.eventData) as JsonObject)["UID"]] : [result?.kind];
};

test("ids: the record's own, several values, or the content; the arrival where that is the time", () => {
  expect(idOf("/id", { id: "a-1" })).toEqual(["a-1", "a-1"]);
  expect(idOf("/id", { id: "a b" })).toEqual([expect.stringMatching(/^[-_A-Za-z0-9]{43}$/), "a b"]);
  expect(idOf("/id", {})).toEqual([expect.stringMatching(/^till-/), expect.stringMatching(/^till-/)]);
  expect(idOf(["/x", "/id"], { id: 7 })).toEqual(["7", "7"]);
  expect(idOf("{/a}-{/b}", { a: 1, b: 2 })).toEqual(["1-2", "1-2"]);
  const both = (a: string, b: string) => idOf({ all: ["/a", "/b"] }, { a, b })[0];
  expect(both("x", "yz")).not.toBe(both("xy", "z"));
  expect(idOf({ all: ["/a", "/b"] }, { a: "x" })[0]).toMatch(/^till-/);
  expect(idOf("content", { id: "a-1" })[0]).toMatch(/^till-/);
  expect(idOf(undefined, { id: "a-1" })[0]).toMatch(/^till-/);
  const later = { receivedAt: "2026-02-01T12:00:00.000Z", occurrence: 0 };
  expect(idOf(undefined, {}, {}, later)).toEqual(idOf(undefined, {}));
  const arrival = { eventTime: { receivedAt: true } } as const;
  expect(idOf(undefined, {}, arrival, later)).not.toEqual(idOf(undefined, {}, arrival));
  expect(idOf("/id", { id: "a-1" }, arrival, later)[0]).toBe("a-1");
  // The year of a time without one is that of the receipt: the same line a year later is another event.
  const yearless = { t: "Jan 10 08:09:10" };
  expect(idOf(undefined, yearless, {}, later)).toEqual(idOf(undefined, yearless));
  expect(idOf(undefined, yearless, {}, { ...later, receivedAt: "2027-02-01T12:00:00Z" })).not.toEqual(
    idOf(undefined, yearless),
  );
});

test("a mapping without a name is custom, or has that of what it extends", () => {
  expect(customAdapter({ version: 1, extends: "ocsf" }).name).toBe("ocsf");
  expect(customAdapter({ version: 1, extends: "ocsf", name: "mine" }).name).toBe("mine");
  const [result] = customAdapter({
    version: 1,
    event: {
      eventSource: { const: "s" },
      eventName: { const: "n" },
      eventTime: "/t",
      userIdentity: { principalId: "/p" },
    },
  }).map({ t: 1_768_032_550 }, context);
  expect(result).toMatchObject({ kind: "event", id: expect.stringMatching(/^custom-/) as string });
});

test("split, kinds and drops", () => {
  const event: Table = {
    eventSource: { const: "s" },
    eventName: "/items/do",
    eventTime: "/t",
    userIdentity: { principalId: { const: "p" } },
  };
  const names = (document: Mapping, value: Json) =>
    customAdapter(document)
      .map(value, context)
      .map((result) =>
        result.kind === "event"
          ? (JSON.parse(result.eventData) as JsonObject)["eventName"]
          : result.kind === "dropped"
            ? result.rule
            : result.code,
      );
  const value = { t: 1768032550, items: [{ do: "a" }, { do: "b", t: 1768032551 }] };
  expect(names({ version: 1, split: { at: "/items" }, event }, value)).toEqual(["a", "b"]);
  expect(names({ version: 1, split: { at: "/items" }, event }, [value, value])).toEqual(["a", "b", "a", "b"]);
  expect(
    names({ version: 1, split: { at: "/items", keep: false }, event: { ...event, eventName: "/do" } }, value),
  ).toEqual(["TIME_MISSING", "b"]);
  expect(names({ version: 1, split: { at: "/items" }, event }, { t: 1, items: [] })).toEqual(["MAPPING_NO_VALUE"]);
  expect(names({ version: 1, split: { at: "/items", keep: false }, event }, { items: [] })).toEqual([]);
  expect(names({ version: 1, split: { at: "/none" }, event }, { t: 1, items: { do: "c" } })).toEqual(["c"]);
  expect(names({ version: 1, event }, { records: [{ t: 1, items: { do: "d" } }] })).toEqual(["d"]);
  expect(names({ version: 1, event }, { records: [{ t: 1, items: { do: "d" } }], more: 1 })).toEqual(["TIME_MISSING"]);
  expect(names({ version: 1, event }, ["text", null, 7])).toEqual(
    Array.from({ length: 3 }, () => "RECORD_NOT_RECOGNISED"),
  );
  const kinds: Mapping["kinds"] = [
    { name: "one", when: { "/k": 1 }, event: { eventName: { const: "ONE" } } },
    { name: "two", when: { "/k": 2 }, event: { eventName: { const: "TWO" }, eventSource: { const: "t" } } },
  ];
  const document: Mapping = {
    version: 1,
    event,
    kinds,
    drop: { first: { why: "x", when: { "/d": true } }, second: { why: "y", when: { "/d": { exists: true } } } },
  };
  expect(names(document, [{ t: 1, k: 2 }, { t: 1, k: 1 }, { t: 1, k: 3 }, { t: 1, k: 1, d: true }, { d: 0 }])).toEqual([
    "TWO",
    "ONE",
    "RECORD_NOT_RECOGNISED",
    "first",
    "second",
  ]);
  expect(customAdapter(document).drops).toEqual({ first: "x", second: "y" });
  const keep = customAdapter(document).map(
    { t: 1, k: 1, d: true },
    { ...context, options: { drops: { first: false } } },
  );
  expect(keep[0]?.kind).toBe("event");
});

test("the options of custom are read once for one object, and a wrong one is told each time", () => {
  const mapping = { version: 1, extends: "ocsf" };
  let reads = 0;
  const counted = new Proxy(mapping, {
    get: (target, key) => {
      reads += key === "extends" ? 1 : 0;
      return Reflect.get(target, key) as unknown;
    },
  });
  const options = { mapping: counted };
  custom.map({}, { ...context, options });
  const once = reads;
  for (let time = 0; time < 10; time += 1) custom.map({}, { ...context, options });
  expect(reads).toBe(once);
  const codes = (given: Json) =>
    custom
      .map({}, { ...context, options: given })
      .map((result) => (result.kind === "refused" ? [result.code, result.path, result.message] : []));
  const wrong = { mapping: { version: 1 } };
  expect(codes(wrong)).toEqual(codes(wrong));
  expect(codes(wrong)[0]).toEqual([
    "MAPPING_INVALID",
    "/event",
    expect.stringContaining("Nothing says what eventName is"),
  ]);
  expect(codes({ mapping: "version: 1\n" })[0]?.[2]).toContain("1:1: /event: Nothing says");
  expect(codes({ zone: "Nowhere/Land" })[0]?.slice(0, 2)).toEqual(["OPTIONS_INVALID", "/zone"]);
  expect(codes({ format: "csv" })[0]?.[0]).toBe("OPTIONS_INVALID");
  expect(codes({ format: "cef", mapping })[0]).toEqual([
    "MAPPING_INVALID",
    "/extends",
    expect.stringContaining("in one of the two places"),
  ]);
  expect(codes({ format: "ocsf", mapping: { version: 1 } })[0]?.[0]).toBe("RECORD_NOT_RECOGNISED");
});

test("a zone as an option holds for built-in formats and for mappings that name none", () => {
  const record = { specversion: "1.0", id: "1", source: "s", type: "t", time: "2026-01-10 08:09:10" };
  const timeBy = (options: Json) =>
    custom
      .map(record, { ...context, options })
      .map((result) => (result.kind === "event" ? (JSON.parse(result.eventData) as JsonObject)["eventTime"] : result));
  expect(timeBy({ zone: "+01:00" })).toEqual(["2026-01-10T07:09:10Z"]);
  expect(timeBy({ zone: "+01:00", format: "cloudevents" })).toEqual(["2026-01-10T07:09:10Z"]);
  expect(timeBy({ zone: "+01:00", mapping: { version: 1, extends: "cloudevents", zone: "Europe/London" } })).toEqual([
    "2026-01-10T08:09:10Z",
  ]);
});

test("the kit's own options hold beside those of the adapter", () => {
  const mapping = { version: 1, extends: "cloudevents", drop: { noise: { why: "x", when: { "/type": "t" } } } };
  const record = { specversion: "1.0", id: "1", source: "s", type: "t", data: { mail: "alice@example.com" } };
  const by = (options: Json) => custom.map(record, { ...context, options })[0];
  expect(by({ mapping })).toMatchObject({ kind: "dropped", rule: "noise" });
  expect(by({ mapping, drops: { noise: false }, redact: { emails: "mask" } })).toMatchObject({
    kind: "event",
    marks: [{ kind: "redacted", path: "/data/mail" }],
  });
});
