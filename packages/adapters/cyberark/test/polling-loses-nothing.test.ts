import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { cyberark } from "../src/index.ts";
import { apiUrl, auditServiceApi, credentials, identityUrl } from "./audit-service-api.ts";
import type { AuditServiceOptions } from "./audit-service-api.ts";

const { applicationId, clientId } = credentials;
const options = {
  identityUrl,
  applicationId,
  clientId,
  clientSecret: secretFrom(credentials.clientSecret),
  apiUrl,
  apiKey: secretFrom(credentials.apiKey),
};

const auditRecord = (n: number, at: number) => ({
  uuid: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  tenantId: "11111111-2222-4333-8444-555555555555",
  timestamp: at,
  username: `user${n % 7}@example.com`,
  applicationCode: "PAM",
  auditCode: "PAM00295",
  auditType: "Info",
  action: "Retrieve password",
  userId: `user${n % 7}@example.com`,
  source: "PVWA",
  safe: "Safe of the tests",
});

pollSuite({
  test,
  adapter: cyberark,
  options: { ...options, pageSize: 50 },
  vendor: (world) => auditServiceApi(world),
  record: auditRecord,
  latenessSeconds: 299,
});

describe("with references that live two minutes", () => {
  pollSuite({
    test,
    adapter: cyberark,
    options: { ...options, pageSize: 20 },
    vendor: (world) => auditServiceApi(world, { refMs: 120_000 }),
    record: auditRecord,
    records: 1000,
    crashes: 30,
    latenessSeconds: 299,
  });
});

describe("with answers in an order that was not asked for", () => {
  pollSuite({
    test,
    adapter: cyberark,
    options: { ...options, pageSize: 100 },
    vendor: (world) => auditServiceApi(world, { descending: true, refMs: 600_000 }),
    record: auditRecord,
    records: 400,
    crashes: 20,
    latenessSeconds: 299,
  });
});

describe("without an empty page at the end", () => {
  pollSuite({
    test,
    adapter: cyberark,
    options: { ...options, pageSize: 50 },
    vendor: (world) => auditServiceApi(world, { noEmptyPage: true }),
    record: auditRecord,
    records: 500,
    crashes: 20,
    latenessSeconds: 299,
  });
});

const start = Date.UTC(2026, 0, 31, 12);
const held = (n: number, at: number, shownAt = at): HeldRecord => ({ n, at, shownAt, record: auditRecord(n, at) });

/** A poller over records that are there already, without faults. */
async function begin(records: readonly HeldRecord[], api: AuditServiceOptions = {}, given: object = {}) {
  const clock = new VirtualClock(start);
  const poll: Poll = await cyberark.poll!();
  const asked: string[] = [];
  const vendor = auditServiceApi(
    { now: clock.now, visible: () => records.filter(({ shownAt }) => shownAt <= clock.now()) },
    api,
  );
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, { ...options, ...given }),
    since: new Date(start - 3_600_000).toISOString(),
    now: clock.now,
    signal: new AbortController().signal,
    fetch: (url, init) => {
      asked.push(`${url.pathname.split("/").at(-1)} ${typeof init?.body === "string" ? init.body : ""}`);
      return vendor.fetch(new Request(url, init));
    },
  };
  return { clock, asked, pages: (cursor?: Json) => poll.pages(cursor, host) };
}

const idsOf = ({ body }: Page): readonly string[] =>
  body.length === 0
    ? []
    : (JSON.parse(new TextDecoder().decode(body)) as { data: { uuid: string }[] }).data.map(({ uuid }) =>
        uuid.slice(-2),
      );

async function next(pages: AsyncGenerator<Page, void, void>): Promise<Page> {
  const { value, done } = await pages.next();
  if (done === true) throw new Error("The poller has ended.");
  return value;
}

test("the first query begins at the whole second of since, and the next one a little before the latest record", async () => {
  const { asked, pages } = await begin([held(1, start - 1_799_500), held(2, start - 600_250)]);
  const reader = pages();
  const page = await next(reader);
  expect(idsOf(page)).toEqual(["01", "02"]);
  expect(page.cursor).toEqual({
    v: 1,
    from: start - 3_600_000,
    ref: expect.any(String),
    began: start,
    latest: start - 600_250,
    last: start - 600_250,
  });
  const last = await next(reader);
  expect(last).toMatchObject({ body: new Uint8Array(), waitSeconds: 60 });
  const from = start - 601_000 - 300_000;
  expect(last.cursor).toEqual({ v: 1, from, latest: start - 600_250 });
  expect(await next(reader)).toMatchObject({ body: new Uint8Array(), waitSeconds: 0 });
  const queries = asked.filter((one) => one.startsWith("createQuery"));
  expect(queries[0]).toContain('"dateFrom":"2026-01-31T11:00:00.000Z"');
  expect(queries[1]).toContain(`"dateFrom":"${new Date(from).toISOString()}"`);
});

test("records within the second at which a query begins are not missed", async () => {
  const at = start - 600_000;
  const { clock, pages } = await begin(
    [held(1, at + 900), held(2, at + 100, start + 30_000)],
    {},
    { overlapSeconds: 0 },
  );
  const reader = pages();
  expect(idsOf(await next(reader))).toEqual(["01"]);
  await next(reader);
  clock.advance(60_000);
  expect(idsOf(await next(reader))).toEqual(["02", "01"]);
});

test("what is read again is handed on only where something is new, and after a restart", async () => {
  const { clock, pages } = await begin([held(1, start - 60_000), held(2, start - 59_000, start + 1000)]);
  const reader = pages();
  expect(idsOf(await next(reader))).toEqual(["01"]);
  const { cursor } = await next(reader);
  expect(idsOf(await next(reader))).toEqual([]);
  await next(reader);
  clock.advance(60_000);
  expect(idsOf(await next(reader))).toEqual(["01", "02"]);
  expect(idsOf(await next(pages(cursor)))).toEqual(["01", "02"]);
});

test("a record with a time to come does not move the next query beyond now", async () => {
  const { pages } = await begin([held(1, start - 1000), { ...held(2, start + 86_400_000), shownAt: start - 1000 }]);
  const reader = pages();
  await next(reader);
  expect((await next(reader)).cursor).toMatchObject({ from: start - 300_000 });
});

test("a reference that leads to itself does not turn the poller in a circle", async () => {
  const { pages } = await begin([held(1, start - 60_000)], { stuck: true });
  const reader = pages();
  expect(idsOf(await next(reader))).toEqual(["01"]);
  expect(await next(reader)).toMatchObject({ body: new Uint8Array(), waitSeconds: 60 });
});

test("a reference that has been forgotten after a stop is asked for again from the latest record on", async () => {
  const records = Array.from({ length: 4 }, (_, n) => held(n, start - 3_000_000 + n * 600_000));
  const { clock, asked, pages } = await begin(records, {}, { pageSize: 2 });
  const { cursor } = await next(pages());
  clock.advance(3_600_000);
  expect(idsOf(await next(pages(cursor)))).toEqual(["01", "02"]);
  expect(asked.at(-2)).toContain(new Date(start - 2_400_000 - 300_000).toISOString());
});

test("a token that has expired is asked for again, and requests carry the API key", async () => {
  const { clock, asked, pages } = await begin([held(1, start - 60_000)]);
  const reader = pages();
  await next(reader);
  clock.advance(1_800_000);
  await next(reader);
  expect(asked.filter((one) => one.startsWith(applicationId))).toHaveLength(2);
});

test("references that are never taken are not followed for ever", async () => {
  const records = Array.from({ length: 40 }, (_, n) => held(n, start - 60_000));
  const { pages } = await begin(records, { forgetful: true }, { pageSize: 10 });
  const reader = pages();
  const drained = async (): Promise<void> => {
    for (let read = 0; read < 50; read += 1) await next(reader);
  };
  await expect(drained()).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID", retryable: true });
});

test("a record that is shown late while a query is read for hours is found by the next one", async () => {
  const late = held(99, start - 30_000, start + 200_000);
  const young = held(98, start + 3_500_000);
  const records = [...Array.from({ length: 20 }, (_, n) => held(n, start - 60_000 + n * 2900)), late, young];
  const { pages, clock } = await begin(records, { refMs: 86_400_000 }, { pageSize: 10 });
  const found = new Set<string>();
  const reader = pages();
  for (let read = 0; read < 2; read += 1) for (const id of idsOf(await next(reader))) found.add(id);
  clock.advance(3_600_000);
  for (let read = 0; read < 8; read += 1) for (const id of idsOf(await next(reader))) found.add(id);
  expect(found).toContain("99");
  expect(found).toContain("98");
});
