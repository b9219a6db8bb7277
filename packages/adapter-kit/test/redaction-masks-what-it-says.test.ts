import { createHmac } from "node:crypto";
import * as fc from "fast-check";
import { Type as T } from "@sinclair/typebox";
import { expect, test } from "vitest";
import { defineAdapter, idFrom, jsonLines, redactText, taking, utcSeconds } from "../src/index.ts";
import type { Json } from "../src/index.ts";

const adapter = defineAdapter({
  name: "toy",
  source: "Custom",
  displayName: "Toy",
  record: T.Object({ id: T.String() }),
  names: ["boss"],
  formats: { ndjson: jsonLines },
  eventId: (record) => idFrom(record.id),
  toEvent: (record, { id }) => {
    const take = taking(record);
    return {
      version: "1",
      userIdentity: { type: "User", principalId: take.text("user") ?? "unknown" },
      eventSource: "toy",
      eventName: "toy",
      eventTime: utcSeconds(1_769_860_800),
      UID: id,
      requestParameters: take.rest(),
    };
  },
});
const origin = { receivedAt: "2026-01-31T12:00:00Z", occurrence: 0 };
const map = (record: Json, redact?: Json) => {
  const [result] = adapter.map(record, {
    accountId: "111122223333",
    origin,
    options: redact === undefined ? undefined : { redact },
  });
  if (result?.kind !== "event") return { refused: result };
  const event = JSON.parse(result.eventData) as {
    userIdentity: { principalId: string };
    requestParameters: Record<string, unknown>;
  };
  return { id: result.id, event, marks: result.marks };
};
const person = {
  id: "r-1",
  user: "Ada.Lovelace@example.com",
  displayName: "Ada Lovelace",
  boss: "Charles",
  note: "told ada.lovelace@EXAMPLE.com and bob+x@mail.example.org, not @nobody",
  list: [{ firstName: "Ada", lastName: "" }],
  names: { full_name: ["Ada Lovelace", "A. L."] },
};
const hashKey = "a key of sixteen characters";

test("without the option nothing of persons is masked", () => {
  expect(map(person).event?.requestParameters).toEqual({
    displayName: "Ada Lovelace",
    boss: "Charles",
    note: person.note,
    list: person.list,
    names: person.names,
    id: "r-1",
  });
  expect(map(person).marks).toEqual([]);
});

test("masked: e-mail addresses keep their domain, names go, each is marked, the id stays", () => {
  const { event, marks, id } = map(person, { emails: "mask", names: "mask" });
  expect(id).toBe("r-1");
  expect(event?.userIdentity.principalId).toBe("***@example.com");
  expect(event?.requestParameters).toMatchObject({
    displayName: "***",
    boss: "***",
    note: "told ***@EXAMPLE.com and ***@mail.example.org, not @nobody",
    list: [{ firstName: "***", lastName: "" }],
    names: { full_name: ["***", "***"] },
  });
  expect(marks?.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    "redacted /user",
    "redacted /displayName",
    "redacted /boss",
    "redacted /note",
    "redacted /list/0/firstName",
    "redacted /names/full_name/0",
    "redacted /names/full_name/1",
  ]);
});

test("hashed: equal values have equal hashes whatever their case, and the hash is HMAC-SHA-256", () => {
  const { event } = map(person, { emails: "hash", names: "hash", hashKey });
  const hash = (value: string) =>
    `hash-${createHmac("sha256", hashKey).update(value).digest("base64url").slice(0, 22)}`;
  expect(event?.userIdentity.principalId).toBe(`${hash("ada.lovelace@example.com")}@example.com`);
  expect(event?.requestParameters["note"]).toContain(`${hash("ada.lovelace@example.com")}@EXAMPLE.com`);
  expect(event?.requestParameters["displayName"]).toBe(hash("ada lovelace"));
  const other = map(person, { emails: "hash", names: "hash", hashKey: "another key of sixteen" });
  expect(other.event?.userIdentity.principalId).not.toBe(event?.userIdentity.principalId);
});

test("hashes agree with HMAC for every key and name", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 16, maxLength: 200, unit: "grapheme" }),
      fc.string({ minLength: 1, unit: "grapheme" }),
      (key, name) => {
        fc.pre(name.trim() !== "" && Array.from(key).length >= 16);
        const { event, refused } = map({ id: "r", displayName: name }, { names: "hash", hashKey: key });
        expect(refused).toBeUndefined();
        const expected = createHmac("sha256", key).update(name.trim().toLowerCase()).digest("base64url").slice(0, 22);
        expect(event?.requestParameters["displayName"]).toBe(`hash-${expected}`);
      },
    ),
    { numRuns: 200 },
  );
});

test("more keys and pointers are masked when the option names them", () => {
  const { event, marks } = map(
    { id: "r", ssn: "1-2-3", deep: [{ salary: 7 }, { salary: 8 }] },
    { keys: ["SSN", "/deep/*/salary"] },
  );
  expect(event?.requestParameters).toMatchObject({ ssn: "***", deep: [{ salary: "***" }, { salary: "***" }] });
  expect(marks).toHaveLength(3);
});

test("what a definition finds by a record's own values is masked and marked", () => {
  const pairs = defineAdapter({
    name: "pairs",
    source: "Custom",
    displayName: "Pairs",
    record: T.Object({ pairs: T.Array(T.Object({ key: T.String(), value: T.Unknown() })) }),
    secretsIn: (record) => record.pairs.flatMap(({ key }, index) => (key === "pin" ? [`/pairs/${index}/value`] : [])),
    formats: { ndjson: jsonLines },
    eventId: () => "p-1",
    toEvent: (record, { id }) => ({
      version: "1",
      userIdentity: { type: "User", principalId: "unknown" },
      eventSource: "pairs",
      eventName: "pairs",
      eventTime: utcSeconds(1_769_860_800),
      UID: id,
      requestParameters: { pairs: record.pairs as unknown as Json },
    }),
  });
  const list = [
    { key: "door", value: "north" },
    { key: "pin", value: ["0", { a: 1 }] },
  ];
  const [result] = pairs.map({ pairs: list }, { accountId: "111122223333", origin });
  const text = JSON.stringify(result);
  expect(text).toContain("north");
  expect(result?.kind === "event" && JSON.parse(result.eventData)).toMatchObject({
    requestParameters: { pairs: [list[0], { key: "pin", value: ["***", { a: "***" }] }] },
  });
  expect(result?.kind === "event" && result.marks.map(({ path }) => path)).toEqual([
    "/pairs/1/value/0",
    "/pairs/1/value/1/a",
  ]);
});

test("a wrong option is refused by name", () => {
  for (const redact of [
    { emails: "hide" },
    { names: "hash" },
    { names: "hash", hashKey: "short" },
    { keys: "ssn" },
    { extra: 1 },
    7,
    "mask",
  ])
    expect(map(person, redact).refused).toMatchObject({
      kind: "refused",
      code: "OPTIONS_INVALID",
    });
});

test("tokens are masked by their form, wherever they stand", () => {
  const long = "a1B2".repeat(10);
  for (const token of [
    `ghp_${long.slice(0, 36)}`,
    `github_pat_${long}`,
    `glpat-${long}`,
    `xoxb-123456789012-${long}`,
    `sk_live_${long}`,
    `npm_${long}`,
    `AIza${long.slice(0, 35)}`,
    `hvs.${long}`,
    `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.${long}`,
  ]) {
    const { event, marks } = map({ id: "r", text: `cloned with ${token}, then left` });
    expect(JSON.stringify(event)).not.toContain(token.slice(5));
    expect(String(event?.requestParameters["text"])).toMatch(/^cloned with .{4}\*\*\*, then left$/);
    expect(marks).toEqual([{ kind: "redacted", path: "/text" }]);
  }
  const pem = `-----BEGIN RSA PRIVATE KEY-----\n${long}\n${long}\n-----END RSA PRIVATE KEY-----`;
  expect(redactText(`key: ${pem}!`)).toBe("key: -----BEGIN RSA PRIVATE KEY-----***!");
  for (const plain of [
    "eyJust a word that is long enough",
    "npm_config_loglevel=error in the file",
    "ghp_short",
    "x".repeat(100),
  ])
    expect(redactText(plain)).toBe(plain);
});

const timed = (text: string) => {
  const began = performance.now();
  map({ id: "r", text, displayName: text }, { emails: "mask" });
  return performance.now() - began;
};

test("hostile texts cost no more than their length", () => {
  for (const part of [
    "a",
    "a@",
    "eyJ",
    "eyJaaaaaaaa.",
    "-----BEGIN ",
    "ghp_",
    "a.",
    "@a.",
    "%",
    "a@a.",
    "a=",
    "{a=",
    "a://b:c",
    "password: ",
    "authorization: ",
    "Basic ",
    '\\"a\\":\\"',
    ",a=b ",
    '"a":[',
  ]) {
    const short = Math.max(1, ...[0, 1].map(() => timed(part.repeat(20_000 / part.length))));
    const long = Math.min(...[0, 1, 2].map(() => timed(part.repeat(200_000 / part.length))));
    // Ten times the text: a quadratic search would need a hundred times as long. Generous, since the machine may be busy.
    expect(long / short).toBeLessThan(60);
  }
});

test.each([
  ["https://ann:hunter2@example.com/x?a=b", "https://ann:***@example.com/x?a=b"],
  ["postgres://app:p%40ss@db.example.com:5432/app", "postgres://app:***@db.example.com:5432/app"],
  ["sent Basic dXNlcjpwYXNzd29yZA== to it", "sent Basic *** to it"],
  ["sent bearer abcdefghijklmnop123 to it", "sent bearer *** to it"],
  ["Authorization=Token x1y2", "Authorization=***"],
  ['{"password":12345,"n":1}', '{"password":"***","n":1}'],
  ['{"password" : ["a","b"]}', '{"password" : "***"}'],
  ['{"body":"{\\"password\\":\\"x y\\",\\"n\\":1}"}', '{"body":"{\\"password\\":\\"***\\",\\"n\\":1}"}'],
  ["{user=ann, password=a b c, n=1}", "{user=ann, password=***, n=1}"],
  ['login password="x y" as ann', "login password=*** as ann"],
  ["login with password: hunter2, then left", "login with password: ***, then left"],
  ["GET / authorization: Digest username=ann\r\nhost: example.com", "GET / authorization: ***\r\nhost: example.com"],
])("%s is redacted", (text, expected) => {
  expect(redactText(text)).toBe(expected);
  expect(redactText(expected)).toBe(expected);
  const { event, marks } = map({ id: "r", text });
  expect(event?.requestParameters["text"]).toBe(expected);
  expect(marks).toEqual([{ kind: "redacted", path: "/text" }]);
});

test.each([
  "https://example.com:8443/x@y",
  "mail ann@example.com about https://example.com",
  "Basic authentication is off, the bearer of this is Ann",
  "password policy: at least 12",
  "a = b, c == d; 10:30, [x] {y}",
  '{"n":1,"list":[1,2],"text":"a: b"}',
])("%s stays as it is", (text) => {
  expect(redactText(text)).toBe(text);
});
