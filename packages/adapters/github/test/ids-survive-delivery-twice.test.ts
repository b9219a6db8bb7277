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

test("a syslog line is refused by name", () => {
  const line = `<190>Nov 12 09:00:00 git.example.com github_audit: ${JSON.stringify(JSON.parse(fixture("enterprise-server-record")))}`;
  const [result] = mapFrame(github, "ndjson", Buffer.from(line), {
    origin: { receivedAt: "2026-11-22T00:00:00Z", occurrence: 0 },
    accountId: "111122223333",
  });
  expect(result).toMatchObject({ kind: "refused", code: "SYSLOG_LINE" });
});
