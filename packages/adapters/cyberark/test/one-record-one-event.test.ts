import { mapFrame } from "@tributary/adapter-kit";
import type { Result } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { cyberark } from "../src/index.ts";

const map = (text: string, format: string, options?: Record<string, string>, occurrence = 0): readonly Result[] =>
  mapFrame(cyberark, format, new TextEncoder().encode(text), {
    accountId: "111122223333",
    origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence },
    options,
  });
const timesOf = (results: readonly Result[]): unknown[] =>
  results.map((result) => (result.kind === "event" ? JSON.parse(result.eventData).eventTime : result));

const record = {
  IsoTimestamp: "2026-01-15T08:17:00Z",
  Hostname: "VAULT01",
  MessageID: "22",
  Desc: "CPM Verify Password",
  Issuer: "PasswordManager",
  ExtraDetails: "address=host1.example.com;username=a<b;",
  CAProperties: { CAProperty: [{ Name: "PolicyID", Value: "LINUX" }] },
};
const xml = `<?xml version="1.0"?>
<syslog><audit_record><IsoTimestamp>2026-01-15T08:17:00Z</IsoTimestamp><Hostname>VAULT01</Hostname><MessageID>22</MessageID>
<Desc>CPM Verify Password</Desc><Issuer>PasswordManager</Issuer><ExtraDetails>address=host1.example.com;username=a&lt;b;</ExtraDetails>
<CAProperties><CAProperty><Name>PolicyID</Name><Value>LINUX</Value></CAProperty></CAProperties></audit_record></syslog>`;

test("JSON and XML of one record give one event", () => {
  const json = JSON.stringify({ format: "elastic", version: "1.0", syslog: { audit_record: record } });
  expect(map(json, "ndjson")).toEqual(map(xml, "xml"));
  expect(map(json, "syslog")).toEqual(map(xml.replaceAll("\n", ""), "syslog"));
});

test("a record of the Audit service has one id in every format", () => {
  const audit = JSON.stringify({
    uuid: "00000000-0000-4000-8000-000000000001",
    auditCode: "IDP2001",
    timestamp: 1_768_465_680_904,
  });
  const page = `{"data":[${audit}],"paging":{"cursor":{"cursorRef":"x"}}}`;
  const [line] = map(audit, "ndjson");
  expect(map(page, "json")).toEqual([line]);
  expect(map(audit, "page")).toEqual([line]);
  expect(map(audit, "ndjson", undefined, 3)).toEqual([line]);
});

test("a Vault's line has the same id when it is read again, and another when it came before", () => {
  const line = `Jan 15 08:00:00 VAULT01 ${JSON.stringify({ MessageID: "7", Issuer: "ann" })}`;
  const ids = [
    map(line, "syslog"),
    map(line, "syslog"),
    map(line, "syslog", undefined, 1),
    map(line.replace(":00 ", ":01 "), "syslog"),
  ].map(([result]) => (result?.kind === "event" ? result.id : ""));
  expect(ids[0]).toBe(ids[1]);
  expect(new Set(ids).size).toBe(3);
});

test.each([
  ["Mar 14 01:59:59", "2025-03-14T08:59:59Z"],
  ["Mar 09 01:59:59", "2025-03-09T09:59:59Z"],
  ["Mar 09 03:00:00", "2025-03-09T10:00:00Z"],
  ["Jan 31 03:30:00", "2026-01-31T11:30:00Z"],
  ["Feb 02 03:30:00", "2025-02-02T11:30:00Z"],
])("a header's %s is read by the Vault's clock, in the year that is not to come: %s", (time, expected) => {
  const line = `${time} VAULT01 {"MessageID":"7"}`;
  expect(timesOf(map(line, "syslog", { zone: "America/Los_Angeles" }))).toEqual([expected]);
});

const withHeader = (members: object) =>
  `<5>1 2026-01-15T08:00:00Z VAULT01 ${JSON.stringify({ MessageID: "7", ...members })}`;

test("IsoTimestamp wins over the header, the header over Timestamp", () => {
  expect(
    timesOf(map(withHeader({ IsoTimestamp: "2026-01-15T07:00:00Z", Timestamp: "Jan 15 01:00:00" }), "syslog")),
  ).toEqual(["2026-01-15T07:00:00Z"]);
  expect(timesOf(map(withHeader({ Timestamp: "Jan 15 01:00:00" }), "syslog"))).toEqual(["2026-01-15T08:00:00Z"]);
});

test.each([
  "",
  "text",
  "<syslog>",
  "<syslog></audit_record>",
  "<a></a >x",
  "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
  "<a>&b;</a>",
  "<a>&</a>",
  "<a>&#1114112;</a>",
  "<a b></a>",
  "<!-- never ends",
  "<![CDATA[ never ends",
  "<?xml never ends",
  "<".repeat(100_000),
  "<!--".repeat(25_000),
  "<a ".repeat(33_000),
  "<a>".repeat(33),
])("%.40j is refused as no XML", (text) => {
  expect(map(text, "xml")).toMatchObject([{ kind: "refused", code: "NOT_XML" }]);
});

test("documents of XML that follow one another are as many records", () => {
  const many = `${xml}\n`.repeat(400);
  expect(new Set(map(many, "xml").map((result) => (result.kind === "event" ? result.id : result.kind))).size).toBe(400);
});

test("XML keeps attributes, mixed text, repeated elements and any name", () => {
  const [part] = cyberark.parts(JSON.parse(JSON.stringify({ syslog: { audit_record: { MessageID: "7" } } })));
  expect(part).toEqual({ MessageID: "7" });
  const [result] = map(
    `<syslog><audit_record><MessageID>7</MessageID><x a="1" b='2&quot;'>t&#x41;<y/>u</x><z>1</z><z>2</z><z>3</z><__proto__>p</__proto__></audit_record></syslog>`,
    "xml",
  );
  const { additionalEventData } = JSON.parse(result?.kind === "event" ? result.eventData : "{}");
  expect(additionalEventData).toMatchObject({
    x: { "@a": "1", "@b": '2"', y: "", "#text": "tAu" },
    z: ["1", "2", "3"],
  });
  expect(Object.keys(additionalEventData)).toContain("__proto__");
});

test.each([
  "PasswordManager",
  "PVWAGWUser",
  "PVWAAppUser1",
  "PSMApp_HOST",
  "PSM",
  "PSMPGW_1",
  "Batch",
  "DR",
  "SYSTEM$",
])("%s is a component", (user) => {
  expect(typeOf(user)).toBe("System");
});

test.each(["ann", "PSMith", "Drew", "Batchelor", "pvwa"])("%s is a person", (user) => {
  expect(typeOf(user)).toBe("User");
});

function typeOf(user: string): unknown {
  const [result] = map(JSON.stringify({ MessageID: "7", Issuer: user }), "ndjson");
  return result?.kind === "event" ? JSON.parse(result.eventData).userIdentity.type : undefined;
}
