import { mapFrame } from "@tributary/adapter-kit";
import { expect, test } from "vitest";
import { snyk } from "../src/index.ts";

const org = "0f0e0d0c-1111-4111-8111-0000000000a1";
const group = "0f0e0d0c-2222-4222-8222-0000000000b1";
const user = "0f0e0d0c-3333-4333-8333-0000000000c1";
const content = { after: { name: "new" }, before: { name: "old" } };
const rest = { content, created: "2026-01-15T09:00:00.560Z", event: "org.edit", org_id: org, user_id: user };

const idOf = (record: object, occurrence = 0): string => {
  const [result] = mapFrame(snyk, "ndjson", new TextEncoder().encode(JSON.stringify(record)), {
    origin: { receivedAt: "2026-01-31T12:00:00Z", occurrence },
    accountId: "111122223333",
  });
  if (result?.kind !== "event") throw new Error(JSON.stringify(result));
  return result.id;
};

test("the organization's record and the group's are one", () => {
  expect(idOf({ ...rest, group_id: group })).toBe(idOf(rest));
});

test("the REST API's record, the v1 API's, EventBridge's and a warehouse's copy are one", () => {
  const v1 = { orgId: org, groupId: group, userId: user, projectId: null, event: "org.edit", content };
  expect(idOf({ ...v1, created: rest.created })).toBe(idOf(rest));
  expect(idOf({ ...v1, created: "2026-01-15 09:00:00.560000000" })).toBe(idOf(rest));
  expect(idOf({ "detail-type": "platform_audit.v0", detail: { ...v1, created: rest.created } })).toBe(idOf(rest));
});

test("the order of members does not matter, an absent content and an empty one are the same", () => {
  expect(idOf(Object.fromEntries(Object.entries(rest).toReversed()))).toBe(idOf(rest));
  const { content: _content, ...bare } = rest;
  expect(idOf(bare)).toBe(idOf({ ...rest, content: {} }));
});

test("what differs in when, what, where, who or how is another event", () => {
  const others = [
    { ...rest, created: "2026-01-15T09:00:00.561Z" },
    { ...rest, created: "2026-01-15T09:00:00Z" },
    { ...rest, event: "org.create" },
    { ...rest, org_id: group },
    { ...rest, project_id: org },
    { ...rest, user_id: undefined },
    { ...rest, content: { ...content, before: {} } },
    { ...rest, org_id: undefined, group_id: group },
  ];
  expect(new Set([rest, ...others].map((record) => idOf(record))).size).toBe(others.length + 1);
});

test("equal records of one stream stay two events, and keep their ids when read again", () => {
  expect(idOf(rest, 1)).not.toBe(idOf(rest, 0));
  expect(idOf(rest, 1)).toBe(idOf(rest, 1));
});
