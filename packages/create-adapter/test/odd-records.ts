import type { JsonObject } from "@tributary/adapter-kit";
import * as fc from "fast-check";

/** Names that guesses look for, and names that break what is not careful. */
const key = fc.oneof(
  fc.constantFrom("id", "time", "created_at", "action", "event", "name", "type", "user", "actor", "email", "ip", "src"),
  fc.constantFrom("user_agent", "status", "token", "password", "version", "additionalEventData", "eventName", "UID"),
  fc.constantFrom("__proto__", "constructor", "toString", "hasOwnProperty", "", " ", "a.b", "a/b", "a~b", "*/"),
  fc.constantFrom("`", '"', "\n", "\u2028", "${x}"),
  fc.string({ unit: "binary", maxLength: 10 }),
);
const leaf = fc.oneof(
  fc.constantFrom("2026-01-10T08:09:10Z", "2026-01-10 08:09:10.123", "1768032550", 1_768_032_550_987, 1_768_032_550.5),
  fc.constantFrom("192.0.2.7", "192.0.2.7:443", "2001:db8::7", "user.login", "alice@example.com", "Mozilla/5.0"),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
  fc.constantFrom(null, true, false, 0, -1, "", " ", "***", "\ud800"),
);
const tree = fc.letrec<{ value: unknown; record: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("record")),
  record: fc.dictionary(key, tie("value"), { maxKeys: 6 }),
}));

/** Any JSON. */
export const oddValues = fc.oneof(fc.jsonValue(), tree.value);
/**
 * Any JSON objects, often with members that a guess looks for. None has a backslash: after a key with one, JSON.parse of
 * several releases of Node.js misreads later keys (github.com/nodejs/node/issues/63785).
 */
export const oddRecords = fc
  .oneof(tree.record, fc.dictionary(key, fc.jsonValue(), { maxKeys: 6 }))
  .map((record) => JSON.parse(JSON.stringify(record).replaceAll("\\\\", "/")) as JsonObject);
