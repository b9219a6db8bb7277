import { Type as T } from "@sinclair/typebox";
import { decodeJson, isObject, textAt } from "@tributary/adapter-kit";
import type { Format, JsonObject } from "@tributary/adapter-kit";
import { readSyslog } from "@tributary/adapter-kit/readers";
import type { BuiltIn } from "./built-in.ts";
import { cefRecord } from "./cef.ts";
import { isJsonRecord } from "./json-records.ts";
import { leefRecord } from "./leef.ts";
import { syslogRecord } from "./syslog-record.ts";

const forms = ["rfc5424", "rfc5424-short", "rfc3164"] as const;

/**
 * Syslog messages of RFC 5424, and of RFC 3164 as it is found. A message of CEF, LEEF or a JSON record of another built-in
 * format is a record of that format, the header in `syslog`; other JSON objects are `message` as objects. The severity says
 * how loud a message is, not that something failed: it makes no errorCode.
 */
export const syslog: BuiltIn = {
  name: "syslog",
  displayName: "syslog message",
  record: T.Object({
    form: T.Union(forms.map((form) => T.Literal(form))),
    time: T.Optional(T.Unknown()),
    host: T.Optional(T.Unknown()),
    app: T.Optional(T.Unknown()),
    message: T.Optional(T.Unknown()),
  }),
  is: (value) => forms.some((form) => form === textAt(value, "form")),
  mapping: {
    version: 1,
    name: "syslog",
    event: {
      userIdentity: {
        type: {
          when: [{ "/structuredData/*/user": { exists: true } }, { "/structuredData/*/uid": { exists: true } }],
          use: { const: "User" },
          else: { when: { "/host": { exists: true } }, use: { const: "Host" } },
        },
        principalId: ["/structuredData/*/user", "/structuredData/*/uid", "/host"],
      },
      eventSource: ["/app", "/host", { const: "syslog" }],
      eventName: ["/msgId", "/app", { const: "syslog" }],
      eventTime: ["/time", { receivedAt: true }],
      UID: "/structuredData/*/id",
    },
  },
};

/** What a line is: a record, and the texts of its numbers that a double cannot hold. */
type Parsed = ReturnType<NonNullable<Format["parse"]>>;

/** A payload behind a header, or behind the mark that says it is JSON. */
const payloadCef = /^CEF: ?\d/;
const payloadLeef = /^LEEF: ?\d/;
const payloadJson = /^(?:@cee: ?)?(?=\{)/;

/** The record of a syslog line. Throws Refused `NOT_SYSLOG`, `NOT_CEF`, `NOT_LEEF`. */
export function syslogLine(line: string): Parsed {
  const text = line.startsWith("\ufeff") ? line.slice(1) : line;
  if (payloadCef.test(text)) return { value: cefRecord(text) };
  if (payloadLeef.test(text)) return { value: leefRecord(text) };
  const header = readSyslog(text);
  const { message } = header;
  if (payloadCef.test(message)) return { value: cefRecord(text) };
  if (payloadLeef.test(message)) return { value: leefRecord(text) };
  const json = payloadJson.exec(message);
  const decoded = json === null ? undefined : objectOf(message.slice(json[0].length));
  if (decoded === undefined) return { value: syslogRecord(header) };
  const { value, bigNumbers } = decoded;
  const { message: _message, ...around } = syslogRecord(header);
  const isOther = isJsonRecord(value) && !Object.hasOwn(value, "syslog");
  return { value: isOther ? { ...value, syslog: around } : { ...around, message: value }, bigNumbers };
}

function objectOf(text: string): { readonly value: JsonObject; readonly bigNumbers: Parsed["bigNumbers"] } | undefined {
  try {
    const { value, bigNumbers } = decodeJson(text);
    return isObject(value) ? { value, bigNumbers } : undefined;
  } catch {
    return undefined;
  }
}
