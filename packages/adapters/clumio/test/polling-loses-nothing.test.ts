import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { clumio } from "../src/index.ts";
import { apiUrl, clumioApi } from "./clumio-api.ts";
import type { ClumioApiOptions } from "./clumio-api.ts";

const token = "synthetic-service-token";
const options = { url: apiUrl, token: secretFrom(token) };

const auditEvent = (n: number, at: number) => ({
  id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
  action: "update",
  category: "policy",
  status: "success",
  timestamp: new Date(at).toISOString(),
  interface: "ui",
  ip_address: "192.0.2.10",
  user_email: "ada@example.com",
  primary_entity: { id: `p-${n}`, type: "policy", value: "Gold" },
  parent_entity: null,
  details_json: { request_body: { n }, tags: [] },
});

const base = { test, adapter: clumio, record: auditEvent };

pollSuite({ ...base, options, vendor: (world) => clumioApi(world, { token }), latenessSeconds: 3300 });

describe("days to catch up with, links to another host, a unit of the organization", () => {
  const organizationalUnit = "00000000-0000-4000-8000-0000000000ff";
  pollSuite({
    ...base,
    options: { ...options, organizationalUnit },
    vendor: (world) => clumioApi(world, { token, organizationalUnit, innerLinks: true }),
    latenessSeconds: 3300,
    spanHours: 46,
    records: 3000,
    crashes: 60,
  });
});

const start = Date.UTC(2026, 0, 31, 12);
const dayMs = 86_400_000;
const held = (n: number, at: number, shownAt = at): HeldRecord => ({ n, at, shownAt, record: auditEvent(n, at) });

/** A poller over audit events, without faults. */
async function begin(
  events: readonly HeldRecord[],
  api: Partial<ClumioApiOptions> = {},
  since = new Date(start - 3_600_000).toISOString(),
) {
  const clock = new VirtualClock(start);
  const poll: Poll = await clumio.poll!();
  const asked: { readonly from: string; readonly to: string; readonly start: string }[] = [];
  const vendor = clumioApi(
    { now: clock.now, visible: () => events.filter(({ shownAt }) => shownAt <= clock.now()) },
    { token, ...api },
  );
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, options),
    since,
    now: clock.now,
    signal: new AbortController().signal,
    fetch: (url, init) => {
      const filter = JSON.parse(url.searchParams.get("filter")!) as { start_timestamp: { $gte: string; $lt: string } };
      const { $gte: from, $lt: to } = filter.start_timestamp;
      asked.push({ from, to, start: url.searchParams.get("start")! });
      return vendor.fetch(new Request(url, init));
    },
  };
  return { clock, asked, pages: (cursor?: Json) => poll.pages(cursor, host) };
}

const next = async (pages: AsyncGenerator<Page, void, void>): Promise<Page> => {
  const { value } = await pages.next();
  if (value === undefined) throw new Error("the poller ended");
  return value;
};
const ids = ({ body }: Page): readonly string[] =>
  body.length === 0
    ? []
    : (
        JSON.parse(Buffer.from(body).toString()) as {
          readonly ["_embedded"]: { readonly items: readonly { readonly id: string }[] };
        }
      )["_embedded"].items.map(({ id }) => id);

test("windows are closed, overlap, and never begin before the poller's own beginning", async () => {
  const { pages, clock, asked } = await begin([]);
  const running = pages();
  await next(running);
  clock.advance(2 * 3_600_000);
  await next(running);
  clock.advance(2 * 3_600_000);
  await next(running);
  expect(asked).toEqual([
    { from: "2026-01-31T11:00:00.000Z", to: "2026-01-31T11:57:00.000Z", start: "1" },
    { from: "2026-01-31T11:00:00.000Z", to: "2026-01-31T13:57:00.000Z", start: "1" },
    { from: "2026-01-31T12:57:00.000Z", to: "2026-01-31T15:57:00.000Z", start: "1" },
  ]);
});

test("an event that is shown late is read by the next window", async () => {
  const late = held(1, start - 600_000, start + 60_000);
  const { pages, clock } = await begin([held(0, start - 900_000), late]);
  const running = pages();
  expect(ids(await next(running))).toHaveLength(1);
  clock.advance(120_000);
  expect(ids(await next(running))).toHaveLength(2);
});

test("events that arrive between two pages of a window move others, and none is missed", async () => {
  const events = Array.from({ length: 250 }, (_, n) => held(n, start - 3_000_000 + n * 1000));
  const young = Array.from({ length: 40 }, (_, n) => held(1000 + n, start - 2_000_000 + n, start + 1000));
  const { pages, clock } = await begin([...events, ...young]);
  const found = new Set<string>();
  const first = await next(pages());
  for (const id of ids(first)) found.add(id);
  clock.advance(60_000);
  const running = pages(first.cursor);
  for (let read = 0; read < 8; read += 1) {
    for (const id of ids(await next(running))) found.add(id);
    clock.advance(120_000);
  }
  expect(found.size).toBe(290);
});

test("what was read already and is read again is not stored again, and there is a wait", async () => {
  const { pages, clock } = await begin([held(0, start - 600_000)]);
  const running = pages();
  const first = await next(running);
  expect(ids(first)).toHaveLength(1);
  expect(first.waitSeconds).toBe(120);
  clock.advance(120_000);
  const second = await next(running);
  expect(second.body).toHaveLength(0);
  expect(second.waitSeconds).toBe(120);
  const third = await next(running);
  expect(third).toMatchObject({ waitSeconds: 120, cursor: second.cursor });
});

test("no event older than 90 days is asked for, and days are caught up with a day at a time, without waits", async () => {
  const { pages, asked } = await begin([], {}, new Date(start - 400 * dayMs).toISOString());
  const running = pages();
  const first = await next(running);
  const second = await next(running);
  expect(asked[0]).toEqual({
    from: new Date(start - 90 * dayMs).toISOString(),
    to: new Date(start - 89 * dayMs).toISOString(),
    start: "1",
  });
  expect(asked[1]).toMatchObject({ to: new Date(start - 88 * dayMs).toISOString() });
  expect([first.waitSeconds, second.waitSeconds]).toEqual([0, 0]);
  expect(second.cursor).toEqual({ v: 1, to: new Date(start - 88 * dayMs).toISOString() });
});

test("a host whose clock is hours ahead closes windows by Clumio's clock", async () => {
  const behind = -5 * 3_600_000;
  const events = [held(0, start + behind - 600_000)];
  const since = new Date(start + behind - 3_600_000).toISOString();
  const { pages, asked } = await begin(events, { clockMs: behind }, since);
  const first = await next(pages());
  expect(asked).toHaveLength(2);
  expect(ids(first)).toHaveLength(1);
  expect(first.cursor).toEqual({ v: 1, to: new Date(start + behind - 180_000).toISOString() });
});

test("links that lead beyond the last page are not followed for ever", async () => {
  const poll: Poll = await clumio.poll!();
  let requests = 0;
  const pages = poll.pages(undefined, {
    options: readOptions(poll.options, options),
    since: new Date(start - 3_600_000).toISOString(),
    now: () => start,
    signal: new AbortController().signal,
    fetch: () => {
      requests += 1;
      const items = requests === 1 ? [auditEvent(1, start - 1_800_000)] : [];
      return Promise.resolve(
        Response.json({ ["_embedded"]: { items }, ["_links"]: { ["_next"]: { href: "/audit-trails?start=1" } } }),
      );
    },
  });
  expect(ids(await next(pages))).toHaveLength(1);
  expect((await next(pages)).waitSeconds).toBe(120);
});
