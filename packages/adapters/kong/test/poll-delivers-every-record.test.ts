import { fixtureContext, pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { FakeVendor, VendorWorld } from "@tributary/adapter-kit/suite";
import type { Json, JsonObject, Page, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { describe, expect, test } from "vitest";
import { kong } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { adminToken, adminUrl, kongAdminApi } from "./kong-admin-api.ts";
import type { AdminFaults } from "./kong-admin-api.ts";
import { konnectApi, konnectToken, konnectUrl } from "./konnect-api.ts";
import type { KonnectFaults } from "./konnect-api.ts";

/** Keys in no order of time. */
const key = (n: number) => ((n * 7919) % 1_000_003).toString(36).padStart(32, "0");
const seconds = (at: number) => Math.floor(at / 1000);
const request = (n: number, at: number): JsonObject => ({
  client_ip: "192.0.2.10",
  method: "GET",
  path: `/services/${n}`,
  payload: null,
  rbac_user_id: "0b000000-0000-4000-8000-000000000001",
  rbac_user_name: "rita",
  request_id: key(n),
  request_timestamp: seconds(at),
  status: 200,
});
const object = (n: number, at: number): JsonObject => ({
  id: `0c000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  dao_name: "consumers",
  operation: "update",
  entity: JSON.stringify({ id: String(n), username: "bob" }),
  request_id: key(n),
  request_timestamp: seconds(at),
});
const both = (n: number, at: number) => (n % 3 === 0 ? object(n, at) : request(n, at));
const event = (n: number, at: number): JsonObject => ({
  type: "gateway_access",
  ts: new Date(at).toISOString(),
  org_id: "0a100000-0000-4000-8000-000000000001",
  principal_id: "user_1",
  client_ip: "192.0.2.10",
  trace_id: String(n),
  method: "POST",
  uri: "/v2/gateway/services",
  status_code: 201,
  signature: `signed-${n}`,
});
const admin = { api: "admin", url: adminUrl, token: secretFrom(adminToken), pageSize: 20 };
const konnect = { api: "konnect", url: konnectUrl, token: secretFrom(konnectToken), pageSize: 20 };
const suite = { test, adapter: kong, latenessSeconds: 290 };

describe("Admin API", () => {
  pollSuite({ ...suite, options: admin, vendor: kongAdminApi, record: both });
});

describe("Admin API in no order", () => {
  pollSuite({
    ...suite,
    options: admin,
    vendor: (world) => kongAdminApi(world, { unordered: true }),
    record: both,
    records: 1000,
    crashes: 60,
  });
});

describe("Konnect", () => {
  pollSuite({ ...suite, options: konnect, vendor: konnectApi, record: event });
});

const start = Date.UTC(2026, 0, 31);

/** A poller over records that are all shown, at these times. */
function polling(
  times: readonly number[],
  record: (n: number, at: number) => JsonObject,
  given: object,
  fake: (world: VendorWorld) => FakeVendor,
  cursor?: Json,
) {
  const clock = new VirtualClock(start + 3_600_000);
  const held = times.map((at, n) => ({ n, at, shownAt: at, record: record(n, at) }));
  const vendor = fake({ now: clock.now, visible: () => held });
  const host: PollHost<never> = {
    options: readOptions(poll.options, given) as never,
    fetch: (address, init) => vendor.fetch(new Request(address, init)),
    since: new Date(start).toISOString(),
    now: clock.now,
    signal: new AbortController().signal,
  };
  return { clock, pages: poll.pages(cursor, host) };
}
const adminPolling = (times: readonly number[], faults: AdminFaults = {}, given: object = {}, cursor?: Json) =>
  polling(times, both, { ...admin, ...given }, (world) => kongAdminApi(world, faults), cursor);
const konnectPolling = (times: readonly number[], faults: KonnectFaults = {}, given: object = {}, cursor?: Json) =>
  polling(times, event, { ...konnect, ...given }, (world) => konnectApi(world, faults), cursor);

/** Pages until the poller waits. */
async function round({ clock, pages }: ReturnType<typeof polling>): Promise<readonly Page[]> {
  const found: Page[] = [];
  for (;;) {
    const { value } = await pages.next();
    if (value === undefined) return found;
    found.push(value);
    clock.advance((value.waitSeconds ?? 0) * 1000);
    if ((value.waitSeconds ?? 0) >= 10) return found;
  }
}
const idsOf = (pages: readonly Page[]): readonly string[] =>
  pages.flatMap(({ body }) =>
    body.length === 0
      ? []
      : kong
          .map(JSON.parse(new TextDecoder().decode(body)), fixtureContext)
          .map((result) => (result.kind === "event" ? result.id : result.kind)),
  );
const hundred = Array.from({ length: 100 }, (_, n) => start + n * 10_000);

test("a walk ends where the last one began, less the overlap", async () => {
  const asked: string[] = [];
  const one = adminPolling(hundred, { asked: ({ pathname, search }) => void asked.push(pathname + search) });
  expect(new Set(idsOf(await round(one))).size).toBe(100);
  const first = asked.length;
  // 300 s are 31 of the 100 records, 20 of them and 11: two pages of requests, one of objects.
  await round(one);
  expect(asked.length - first).toBe(3);
});

test("a log in no order is read whole every quarter of an hour, and its cursor stays", async () => {
  const one = adminPolling(hundred, { unordered: true });
  const [first, second] = [await round(one), await round(one)];
  expect(new Set(idsOf(second)).size).toBe(100);
  expect([first.at(-1)?.waitSeconds, second.at(-1)?.waitSeconds]).toEqual([900, 900]);
  expect(second.at(-1)?.cursor).toMatchObject({ requests: { after: start / 1000 } });
});

test("objects are left out where they are not wanted, and an open Admin API needs no token", async () => {
  const asked: URL[] = [];
  const faults: AdminFaults = { open: true, asked: (url) => void asked.push(url) };
  const ids = idsOf(await round(adminPolling(hundred, faults, { objects: false, token: undefined })));
  expect(ids).toHaveLength(66);
  expect(asked.every(({ pathname }) => pathname === "/admin-api/audit/requests")).toBe(true);
});

test("a link alone leads on", async () => {
  expect(new Set(idsOf(await round(adminPolling(hundred, { linked: true })))).size).toBe(100);
});

test("a walk that was broken off goes on where it was", async () => {
  const { pages } = adminPolling(hundred);
  const first = await pages.next();
  const asked: URL[] = [];
  const cursor = first.value?.cursor;
  await round(adminPolling(hundred, { asked: (url) => void asked.push(url) }, {}, cursor));
  expect(asked[0]?.searchParams.get("offset")).toBe("o20");
});

test("an offset that is refused begins the walk again; one that is refused anew is trouble", async () => {
  let refused = 0;
  const once = () => (refused += 1) === 1;
  expect(new Set(idsOf(await round(adminPolling(hundred, { refuses: once })))).size).toBe(100);
  await expect(round(adminPolling(hundred, { refuses: () => true }))).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
    retryable: true,
  });
});

test("a cursor of Konnect that has expired begins its window again; one that is refused anew is trouble", async () => {
  let refused = 0;
  const once = () => (refused += 1) === 1;
  expect(new Set(idsOf(await round(konnectPolling(hundred, { refuses: once })))).size).toBe(100);
  await expect(round(konnectPolling(hundred, { refuses: () => true }))).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
  });
});

test("Konnect is asked for nothing older than seven days, a day at a time", async () => {
  const asked: URL[] = [];
  const cursor = { v: 1, from: Date.UTC(2025, 0, 1) };
  await round(konnectPolling(hundred, { asked: (url) => void asked.push(url) }, {}, cursor));
  expect(asked[0]?.searchParams.get("filter[ts][gte]")).toBe("2026-01-24T01:00:00.000Z");
  expect(asked[0]?.searchParams.get("filter[ts][lte]")).toBe("2026-01-25T01:00:00.000Z");
  expect(asked.at(-1)?.searchParams.get("filter[ts][lte]")).toBe("2026-01-31T00:59:00.000Z");
});

test("a first run of Konnect that begins now waits rather than ask for an empty span", async () => {
  const asked: URL[] = [];
  const pages = await round(
    konnectPolling([], { asked: (url) => void asked.push(url) }, {}, { v: 1, from: start + 3_600_000 }),
  );
  expect([pages.length, asked.length]).toEqual([1, 0]);
});

test("Konnect's token is not sent without TLS", async () => {
  await expect(round(konnectPolling([], {}, { url: "http://eu.api.konghq.com" }))).rejects.toMatchObject({
    code: "VENDOR_REFUSED",
  });
});

test("what is read at two times is one event: the countdown of a record is no part of it", () => {
  const [sooner, later] = [100, 90].map(
    (ttl) => kong.map({ ...request(1, start), request_id: "", ttl }, fixtureContext)[0],
  );
  expect(later).toEqual(sooner);
  expect(later?.kind).toBe("event");
});

test("an event of Konnect's API that is signed anew keeps its id", () => {
  const ids = ["MEUCIQD-one", "MEUCIQD-other"].map((signature) => {
    const [result] = kong.map({ ...event(1, start), signature }, fixtureContext);
    return result?.kind === "event" ? result.id : undefined;
  });
  expect(ids[0]).toMatch(/^kong-/);
  expect(ids[1]).toBe(ids[0]);
});

/** The same answers by a clock of the vendor's that is behind the host's. */
const behind =
  (vendor: FakeVendor, now: () => number): FakeVendor["fetch"] =>
  async (asked) => {
    const response = await vendor.fetch(asked);
    const headers = new Headers(response.headers);
    headers.set("date", new Date(now()).toUTCString());
    return new Response(response.body, { status: response.status, headers });
  };

test("a host whose clock is ahead of Konnect's skips nothing", async () => {
  for (const ahead of [600_000, 2 * 86_400_000]) {
    const clock = new VirtualClock(start + 3_600_000);
    // A record every 10 s, also after the first window was read.
    const held = Array.from({ length: 500 }, (_, n) => start + n * 10_000).map((at, n) => ({ n, at, shownAt: at }));
    const vendor = konnectApi({
      now: clock.now,
      visible: () =>
        held.filter(({ at }) => at <= clock.now()).map((one) => ({ ...one, record: event(one.n, one.at) })),
    });
    const pages = poll.pages(
      { v: 1, from: start - 6 * 86_400_000 },
      {
        options: readOptions(poll.options, konnect) as never,
        fetch: (address, init) => behind(vendor, clock.now)(new Request(address, init)),
        since: new Date(start).toISOString(),
        now: () => clock.now() + ahead,
        signal: new AbortController().signal,
      },
    );
    const found = new Set<string>();
    while (clock.now() < start + 7_200_000) for (const id of idsOf(await round({ clock, pages }))) found.add(id);
    expect(found.size).toBe(500);
  }
});

test("an overlap of a day does not keep Konnect's windows where they are", async () => {
  const asked: string[] = [];
  const cursor = { v: 1, from: start - 5 * 86_400_000 };
  await round(
    konnectPolling(
      [],
      { asked: (url) => void asked.push(url.searchParams.get("filter[ts][gte]") ?? "") },
      { overlapSeconds: 86_400 },
      cursor,
    ),
  );
  expect(asked.slice(0, 3)).toEqual([
    "2026-01-26T00:00:00.000Z",
    "2026-01-27T00:00:00.000Z",
    "2026-01-28T00:00:00.000Z",
  ]);
  expect(asked.length).toBeLessThan(8);
});

test("a record dated in the future does not end the walks before the others", async () => {
  const one = adminPolling([...hundred, start + 90 * 86_400_000]);
  const [, ...pages] = [await round(one), await round(one)];
  expect(pages.at(-1)?.at(-1)?.cursor).toMatchObject({ requests: { after: start / 1000 + 3600 - 300 + 60 } });
});

const looping = (body: object): FakeVendor => ({
  fetch: () => Promise.resolve(Response.json(body)),
  throttled: () => new Response(null, { status: 429 }),
});

test("an offset or a cursor that leads to itself is not followed for ever", async () => {
  const row = request(1, start);
  const refused = { code: "VENDOR_ANSWER_INVALID", retryable: true };
  const requests = polling([], both, admin, () => looping({ data: [row], offset: "o1" }));
  await expect(round(requests)).rejects.toMatchObject(refused);
  const next = "/audit-logs?page[after]=a";
  const events = polling([], event, konnect, () => looping({ data: [event(1, start)], meta: { page: { next } } }));
  await expect(round(events)).rejects.toMatchObject(refused);
});
