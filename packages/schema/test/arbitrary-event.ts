import * as fc from "fast-check";
import type { CheckOptions } from "../src/index.ts";

export const accountId = "111122223333";
/** 2026-11-22T12:00:00Z */
export const now = Date.UTC(2026, 10, 22, 12);
export const asServer: CheckOptions = { profile: "server", accountId, now };
export const asSender: CheckOptions = { profile: "sender", accountId, now };

/** An event as a plain object, open to mutation. */
export type Draft = Record<string, unknown> & { userIdentity: Record<string, unknown> };

const wellFormed = (maxLength: number, minLength = 1): fc.Arbitrary<string> =>
  fc
    .string({ unit: "binary", minLength, maxLength })
    .map((text) => Array.from(text).slice(0, maxLength).join("").toWellFormed());

const time = fc
  .integer({ min: 0, max: now / 1000 + 86_400 })
  .map((seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`);

// Keys of every kind, the ones that trip parsers among them.
const key = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom("__proto__", "constructor", "toJSON", 'a"b', ":", "1", "é"),
);
const value = fc.letrec<{ any: unknown; object: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.string({ maxLength: 12 }),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constantFrom(null, 2 ** 63, 1e300, "12:30", 'a" :b', "\\", '":'),
    fc.array(tie("any"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("any"), { maxKeys: 4 }),
}));
const object = value.object.map((made): unknown => JSON.parse(JSON.stringify(made).toWellFormed()));

/** What the sender's profile takes: every member in its range, optional ones there or not. */
export const senderEvent: fc.Arbitrary<Draft> = fc.record(
  {
    version: wellFormed(256),
    userIdentity: fc.record(
      { type: wellFormed(128), principalId: wellFormed(1024), details: object },
      { requiredKeys: ["type", "principalId"] },
    ),
    eventSource: wellFormed(40),
    eventName: wellFormed(1024),
    eventTime: time,
    UID: wellFormed(60),
    recipientAccountId: fc.constant(accountId),
    userAgent: wellFormed(60, 0),
    errorCode: wellFormed(256, 0),
    errorMessage: wellFormed(256, 0),
    sourceIPAddress: fc.oneof(fc.ipV4(), fc.ipV6()),
    requestParameters: object,
    responseElements: object,
    additionalEventData: object,
  },
  { requiredKeys: ["version", "userIdentity", "eventSource", "eventName", "eventTime", "UID", "recipientAccountId"] },
);

/** What only the server's profile takes: looser times, empty strings, unknown keys, any address, nulls. */
export const serverEvent: fc.Arbitrary<Draft> = fc
  .tuple(
    senderEvent,
    fc.record(
      {
        version: fc.constant(""),
        eventTime: fc.constantFrom("2026-01-02T03:04:05", "2026-01-02T03:04:05.1", "2026-01-02T03:04:05.123456789Z"),
        sourceIPAddress: fc.constantFrom("vault.example.com", "", "192.0.2.1:80"),
        userAgent: fc.constant(null),
        requestParameters: fc.constant(null),
        eventVersion: fc.constant("1.0"),
        ["__proto__"]: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([event, loose]) => ({ ...event, ...loose }));

/** The same event in other JSON: compact, spaced as Python writes it, indented, escaped beyond need. */
export const rendering: fc.Arbitrary<(event: unknown) => string> = fc.constantFrom(
  (event: unknown) => JSON.stringify(event),
  (event: unknown) => JSON.stringify(event, null, 2),
  (event: unknown) => ` ${JSON.stringify(event, null, "\t").replaceAll('": ', '" :\r')}\n`,
  (event: unknown) =>
    JSON.stringify(event).replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
);
