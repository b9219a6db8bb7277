import { readFileSync } from "node:fs";
import { mapFrame } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { github } from "../src/index.ts";

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.record.json`, import.meta.url), "utf8");
const ids = (text: string, occurrence = 0, format = "ndjson") =>
  mapFrame(github, format, Buffer.from(text), {
    origin: { receivedAt: "2026-11-22T00:00:00Z", occurrence },
    accountId: "111122223333",
  }).map((result) => (result.kind === "event" ? result.id : result.kind));

test("a record delivered twice keeps its id, whatever was written before it", () => {
  const record = fixture("repository-created-by-user");
  expect(ids(record, 0)).toEqual(ids(record, 5));
});

test("equal records without an id of their own stay two events, and keep their ids when read again", () => {
  const record = fixture("legacy-api-record");
  expect(ids(record, 0)).toEqual(ids(record, 0));
  expect(ids(record, 1)).not.toEqual(ids(record, 0));
});

test("the order of members does not matter to the id of a record without one", () => {
  const record: Record<string, unknown> = JSON.parse(fixture("legacy-api-record"));
  const turned = Object.fromEntries(Object.entries(record).toReversed());
  expect(ids(JSON.stringify(turned))).toEqual(ids(JSON.stringify(record)));
});

test("a page of the API gives each of its records an event", () => {
  const page = `[${fixture("repository-created-by-user")},${fixture("legacy-api-record")},${fixture("legacy-api-record")}]`;
  const [known, first, second] = ids(page);
  expect(known).toBe(ids(fixture("repository-created-by-user"))[0]);
  expect(first).not.toBe(second);
});

test("a record of Enterprise Server has one id as JSON and in a syslog line", () => {
  const record = JSON.stringify(JSON.parse(fixture("enterprise-server-record")));
  const line = `<190>Nov 12 09:00:00 git.example.com github_audit: ${record}`;
  expect(ids(line, 0, "syslog")).toEqual(ids(record));
});

test("a webhook delivery received and the same one fetched from the API have one id", () => {
  const fetched: Record<string, unknown> = JSON.parse(fixture("delivery-of-the-api"));
  const { guid, event, request } = fetched;
  const received = { guid, event, delivered_at: "2026-01-15T09:00:04.100Z", request };
  expect(ids(JSON.stringify(received), 0, "json")).toEqual(ids(JSON.stringify(fetched), 0, "json"));
});
