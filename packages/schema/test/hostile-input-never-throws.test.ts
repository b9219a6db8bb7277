import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PutAuditEventsRequest, checkAuditEvent, checkShape, scanJson, shapes } from "../src/index.ts";
import { asSender, asServer } from "./arbitrary-event.ts";

const mega = 1 << 20;
const manyKeys = `{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":${n}`).join(",")}}`;

/** Each grows with its argument. */
const hostile: Record<string, (size: number) => string> = {
  "open brackets": (size) => "[".repeat(size),
  "open objects": (size) => '{"a":'.repeat(size / 5),
  "closed brackets": (size) => "[".repeat(size / 2) + "]".repeat(size / 2),
  "one long string": (size) => `"${"x".repeat(size)}"`,
  "a string without end": (size) => `{"a":"${"x".repeat(size)}`,
  backslashes: (size) => `{"a":"${"\\\\".repeat(size / 2)}"}`,
  "backslashes before quotes and colons": (size) => `{"a":"${'\\\\\\":'.repeat(size / 5)}"}`,
  colons: (size) => `{"a":"${":".repeat(size)}"}`,
  "spaces before a colon": (size) => `{"a"${" ".repeat(size)}:1}`,
  "escaped halves": (size) => `{"a":"${"\\ud83d".repeat(size / 6)}"}`,
  "escaped pairs": (size) => `{"a":"${"\\ud83d\\ude00".repeat(size / 12)}"}`,
  digits: (size) => `{"a":${"9".repeat(size)}}`,
  "an exponent": (size) => `{"a":1e${"9".repeat(size)}}`,
  "many keys": (size) => `{${Array.from({ length: size / 10 }, (_, n) => `"k${n}":${n}`).join(",")}}`,
  "one key again and again": (size) => `{${'"a":1,'.repeat(size / 6)}"a":1}`,
  "a long key": (size) => `{"${"k".repeat(size)}":1}`,
  nulls: (size) => `{"a":[${"null,".repeat(size / 5)}null]}`,
  "growing numbers": (size) => `{"additionalEventData":{"a":[${"1e20,".repeat(size / 5)}1e20]}}`,
};

/** Of a processor: how busy the machine is does not matter. */
function milliseconds(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * Time for `large`, which is 16 times `small`, as a part of what linear work is allowed. Quadratic work would take 256
 * times as long as for `small`, seconds here; below 250 ms the clock says nothing.
 */
function partOfAllowedTime(run: (text: string) => unknown, small: string, large: string): number {
  run(small);
  const base = Math.min(...[1, 2, 3].map(() => milliseconds(() => run(small))));
  const grown = Math.min(...[1, 2, 3].map(() => milliseconds(() => run(large))));
  return grown / Math.max(250, base * 128);
}

function strictCheck(eventData: string): unknown {
  return checkAuditEvent({ eventData }, { ...asServer, strict: true });
}

describe("a megabyte of one thing is answered in time that grows no faster than its length", () => {
  test.for(Object.entries(hostile))("%s", ([, make]) => {
    const scans: ((text: string) => unknown)[] = [
      (text) => scanJson(text),
      (text) => scanJson(text, { maxDepth: Number.POSITIVE_INFINITY }),
    ];
    for (const run of scans) expect(partOfAllowedTime(run, make(mega / 16), make(mega))).toBeLessThan(1);
    // Larger texts are not parsed.
    expect(partOfAllowedTime(strictCheck, make(16_000), make(256_000))).toBeLessThan(1);
  });
});

test("depth is counted, not recursed into: 100,000 levels", () => {
  const deep = `${"[".repeat(100_000)}1${"]".repeat(100_000)}`;
  expect(scanJson(deep)).toMatchObject({ ok: false, reason: "depth", offset: 64 });
  expect(scanJson(deep, { maxDepth: 100_000 })).toEqual({ ok: true });
  expect(scanJson(deep, { maxDepth: 99_999 })).toMatchObject({ ok: false, reason: "depth", offset: 99_999 });
  const { problems } = checkAuditEvent({ eventData: `{"additionalEventData":${deep}}` }, asServer);
  expect(problems.map(({ code }) => code)).toEqual(["InvalidData"]);
});

const levels = (count: number): string => `${'{"a":'.repeat(count)}1${"}".repeat(count)}`;

test("64 levels pass, 65 do not", () => {
  expect(scanJson(levels(64))).toEqual({ ok: true });
  expect(scanJson(levels(65))).toMatchObject({ reason: "depth" });
});

test("no more than 100 problems are listed, each with a message that fits an answer", () => {
  const { problems } = checkAuditEvent({ eventData: manyKeys.slice(0, 200_000).replace(/,[^,]*$/, "}") }, asSender);
  expect(problems).toHaveLength(100);
  const long = checkAuditEvent({ eventData: JSON.stringify({ ["k".repeat(200_000)]: 1 }) }, asSender);
  for (const { message } of long.problems) expect(message.length).toBeLessThanOrEqual(1024);
});

test("a polluted text cannot reach a prototype", () => {
  checkAuditEvent({ eventData: '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}' }, asServer);
  expect({}).not.toHaveProperty("polluted");
  const inherited = '{"__proto__":{"version":"1"}}';
  const { problems } = checkAuditEvent({ eventData: inherited }, asServer);
  expect(problems).toContainEqual(expect.objectContaining({ code: "FieldNotFound", path: "/version" }));
  const request: unknown = JSON.parse('{"__proto__":{"channelArn":"arn:","auditEvents":[]}}');
  expect(checkShape(PutAuditEventsRequest, request).map(({ path }) => path)).toEqual(["/channelArn", "/auditEvents"]);
});

test("whatever the values, the checks answer", () => {
  fc.assert(
    fc.property(fc.anything(), fc.anything(), (eventData, eventDataChecksum) => {
      const entry: { eventData: string } = JSON.parse('{"eventData":""}');
      Object.assign(entry, { eventData, eventDataChecksum });
      expect(checkAuditEvent(entry, asServer).problems.length).toBeGreaterThan(0);
      expect(checkShape(PutAuditEventsRequest, eventData).length).toBeGreaterThan(0);
      expect(checkShape(shapes.PolicyDocument, eventData).length).toBeGreaterThan(0);
    }),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (eventData) => {
      expect(checkAuditEvent({ eventData }, asServer).problems.length).toBeGreaterThan(0);
    }),
  );
});
