import { type CheckOptions, type EventErrorCode, eventDataChecksum } from "../src/index.ts";
import type { Draft } from "./arbitrary-event.ts";

/** A change that makes a valid event wrong in one way. */
export interface Mutation {
  readonly name: string;
  readonly code: EventErrorCode;
  readonly path: string;
  readonly change?: (draft: Draft) => void;
  readonly text?: (text: string) => string;
  readonly checksum?: (checksum: string) => string;
  readonly options?: Partial<CheckOptions>;
  /** Which profiles refuse it. */
  readonly only?: "sender" | "strict";
}

/** Replaces a member, wherever the path leads. */
function put(path: string, value: unknown): (draft: Draft) => void {
  const [outer = "", inner] = path.split(".");
  return (draft) => {
    if (inner === undefined) draft[outer] = value;
    else draft.userIdentity[inner] = value;
  };
}

const required = [
  "version",
  "userIdentity",
  "userIdentity.type",
  "userIdentity.principalId",
  "eventSource",
  "eventName",
  "eventTime",
  "UID",
  "recipientAccountId",
];
const lengths: Record<string, number> = {
  version: 256,
  "userIdentity.type": 128,
  "userIdentity.principalId": 1024,
  userAgent: 1024,
  eventSource: 1024,
  eventName: 1024,
  UID: 1024,
  errorCode: 256,
  errorMessage: 256,
};
const objects = [
  "userIdentity",
  "userIdentity.details",
  "requestParameters",
  "responseElements",
  "additionalEventData",
];
const strings = [...Object.keys(lengths), "eventTime", "sourceIPAddress", "recipientAccountId"];
const pointer = (path: string): string => `/${path.replace(".", "/")}`;
const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
const invalid = (name: string, text: (text: string) => string): Mutation => ({
  name,
  code: "InvalidData",
  path: "",
  text,
});
const badTime = (eventTime: string): Mutation => ({
  name: `eventTime ${eventTime}`,
  code: "InvalidData",
  path: "/eventTime",
  change: put("eventTime", eventTime),
});
const badChecksum = (name: string, checksum: (good: string) => string): Mutation => ({
  name: `checksum: ${name}`,
  code: "InvalidChecksum",
  path: "",
  checksum,
});

export const mutations: readonly Mutation[] = [
  badChecksum("of other bytes", () => eventDataChecksum("{}")),
  badChecksum("empty", () => ""),
  badChecksum("without padding", (good) => good.slice(0, -1)),
  badChecksum("hexadecimal", (good) => Buffer.from(good, "base64").toString("hex")),
  badChecksum("URL-safe", () => `${"-_".repeat(21)}-=`),
  badChecksum("with a newline", (good) => `${good}\n`),
  badChecksum("of a text with a newline", (good) => `${good} `),
  {
    name: "event above 256 KiB",
    code: "FieldTooLong",
    path: "",
    text: (text) => text + " ".repeat(262_145 - Buffer.byteLength(text)),
  },
  invalid("cut off", (text) => text.slice(0, -1)),
  invalid("with a tail", (text) => `${text}x`),
  invalid("twice", (text) => text + text),
  invalid("a string that holds it", (text) => JSON.stringify(text)),
  invalid("a list that holds it", (text) => `[${text}]`),
  invalid("empty", () => ""),
  invalid("null", () => "null"),
  invalid("a number", () => "1"),
  invalid("a byte order mark", (text) => `\uFEFF${text}`),
  invalid("a key twice", (text) => text.replace("{", '{"version":"0",')),
  invalid("a key twice, once escaped", (text) => text.replace("{", '{"\\u0076ersion":"0",')),
  invalid("a key twice, spaced", (text) => text.replace("{", '{"version" :"0",')),
  invalid("a nested key twice", (text) => text.replace("{", '{"additional":{"a":{"b":1,"b":2}},')),
  invalid("__proto__ twice", (text) => text.replace("{", '{"__proto__":1,"__proto__":2,')),
  invalid("a lone surrogate", (text) => text.replace("{", '{"x":"\uD800",')),
  invalid("an escaped lone surrogate", (text) => text.replace("{", '{"x":"\\uDEAD",')),
  invalid("a lone surrogate in a key", (text) => text.replace("{", '{"\\ud83d":1,')),
  invalid("65 levels", (text) => text.replace("{", `{"x":${JSON.stringify(nested(64))},`)),
  ...required.map((path): Mutation => ({
    name: `without ${path}`,
    code: "FieldNotFound",
    path: pointer(path),
    change: put(path, undefined),
  })),
  ...required.map((path): Mutation => ({
    name: `${path} null`,
    code: "FieldNotFound",
    path: pointer(path),
    change: put(path, null),
  })),
  ...strings.flatMap((path) =>
    [1, {}, [], true].map((value): Mutation => ({
      name: `${path} ${JSON.stringify(value)}`,
      code: "InvalidData",
      path: pointer(path),
      change: put(path, value),
    })),
  ),
  ...objects.flatMap((path) =>
    ["text", 1, [], true].map((value): Mutation => ({
      name: `${path} ${JSON.stringify(value)}`,
      code: "InvalidData",
      path: pointer(path),
      change: put(path, value),
    })),
  ),
  ...[
    "",
    "2026-01-02",
    "2026-01-02 03:04:05Z",
    "2026-01-02T03:04:05+01:00",
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00.1234567890Z",
    "2026-01-01T00:00:00z",
    "１026-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "2026-11-23T12:00:01Z",
  ].map(badTime),
  ...Object.entries(lengths).map(([path, max]): Mutation => ({
    name: `${path} of ${max + 1} characters`,
    code: "FieldTooLong",
    path: pointer(path),
    change: put(path, "𝒳".repeat(max + 1)),
  })),
  {
    name: "requestParameters above 100 KiB",
    code: "FieldTooLong",
    path: "/requestParameters",
    change: put("requestParameters", { x: "x".repeat(102_400 - 7) }),
  },
  {
    name: "responseElements above 100 KiB of UTF-8",
    code: "FieldTooLong",
    path: "/responseElements",
    change: put("responseElements", { x: "é".repeat(51_197) }),
  },
  {
    name: "additionalEventData above 28 KiB",
    code: "FieldTooLong",
    path: "/additionalEventData",
    change: put("additionalEventData", { x: "x".repeat(28_672 - 7) }),
  },
  {
    name: "another recipient",
    code: "InvalidRecipient",
    path: "/recipientAccountId",
    change: put("recipientAccountId", "444455556666"),
  },
  {
    name: "an eventSource that is not allowed",
    code: "InvalidEventSource",
    path: "/eventSource",
    options: { eventSources: [] },
  },
  // What only the sender's profile, or strict, refuses.
  {
    name: "an unknown key",
    code: "InvalidData",
    path: "/event~1Version~0",
    change: put("event/Version~", "1"),
    only: "strict",
  },
  {
    name: "an unknown key of userIdentity",
    code: "InvalidData",
    path: "/userIdentity/name",
    change: put("userIdentity.name", "1"),
    only: "strict",
  },
  {
    name: "a host name for an address",
    code: "InvalidData",
    path: "/sourceIPAddress",
    change: put("sourceIPAddress", "vault.example.com"),
    only: "strict",
  },
  ...required
    .filter((path) => path !== "userIdentity" && path !== "recipientAccountId" && path !== "eventTime")
    .map((path): Mutation => ({
      name: `${path} empty`,
      code: "InvalidData",
      path: pointer(path),
      change: put(path, ""),
      only: "sender",
    })),
  {
    name: "eventTime without Z",
    code: "InvalidData",
    path: "/eventTime",
    change: put("eventTime", "2026-01-02T03:04:05"),
    only: "sender",
  },
  {
    name: "eventTime with a fraction",
    code: "InvalidData",
    path: "/eventTime",
    change: put("eventTime", "2026-01-02T03:04:05.1Z"),
    only: "sender",
  },
  {
    name: "event above 256,000 bytes",
    code: "FieldTooLong",
    path: "",
    text: (text) => text + " ".repeat(256_001 - Buffer.byteLength(text)),
    only: "sender",
  },
  {
    name: "requestParameters above 100,000",
    code: "FieldTooLong",
    path: "/requestParameters",
    change: put("requestParameters", { x: "x".repeat(99_993) }),
    only: "sender",
  },
  {
    name: "responseElements above 100,000",
    code: "FieldTooLong",
    path: "/responseElements",
    change: put("responseElements", { x: "x".repeat(99_993) }),
    only: "sender",
  },
  {
    name: "additionalEventData above 28,000",
    code: "FieldTooLong",
    path: "/additionalEventData",
    change: put("additionalEventData", { x: "x".repeat(27_993) }),
    only: "sender",
  },
];
