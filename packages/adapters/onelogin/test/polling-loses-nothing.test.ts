import type { Json, Page, Poll, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { onelogin } from "../src/index.ts";
import { accountUrl, oneLoginApi } from "./onelogin-api.ts";
import type { OneLoginApiOptions } from "./onelogin-api.ts";

const clientId = "0123456789abcdef-client";
const clientSecret = "0123456789abcdef-secret";
const options = { url: accountUrl, clientId, clientSecret: secretFrom(clientSecret) };

const event = (n: number, at: number) => ({
  id: n + 1,
  created_at: new Date(at).toISOString(),
  account_id: 4711,
  event_type_id: 8,
  user_id: 501,
  actor_user_id: 501,
  app_id: 41,
  client_id: null,
});

const base = { test, adapter: onelogin, options, record: event, latenessSeconds: 240 };

pollSuite({ ...base, vendor: (world) => oneLoginApi(world, { clientId, clientSecret }) });

describe("newest events first, links to another host", () => {
  pollSuite({
    ...base,
    vendor: (world) => oneLoginApi(world, { clientId, clientSecret, descending: true, bareLinks: true }),
    records: 2000,
    crashes: 60,
  });
});

describe("few calls an hour and tokens of an hour and a half", () => {
  pollSuite({
    ...base,
    vendor: (world) => oneLoginApi(world, { clientId, clientSecret, callsPerHour: 40, tokenSeconds: 5400 }),
    records: 1500,
    crashes: 30,
    settleHours: 6,
  });
});

const start = Date.UTC(2026, 0, 31, 12);
const held = (n: number, at: number, shownAt = at): HeldRecord => ({ n, at, shownAt, record: event(n, at) });

/** A poller over events that are there already, without faults. */
async function begin(events: readonly HeldRecord[], api: Partial<OneLoginApiOptions> = {}, waitMs = 0) {
  const clock = new VirtualClock(start);
  const poll: Poll = await onelogin.poll!();
  const asked: URL[] = [];
  const vendor = oneLoginApi(
    { now: clock.now, visible: () => events.filter(({ shownAt }) => shownAt <= clock.now()) },
    { clientId, clientSecret, ...api },
  );
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, options),
    since: new Date(start - 3_600_000).toISOString(),
    now: clock.now,
    signal: new AbortController().signal,
    fetch: (url, init) => {
      asked.push(url);
      // As long as a host may wait out a limit before it sends.
      if (url.pathname === "/api/1/events") clock.advance(waitMs);
      return vendor.fetch(new Request(url, init));
    },
  };
  return { clock, asked, vendor, pages: (cursor?: Json) => poll.pages(cursor, host) };
}

const next = async (pages: AsyncGenerator<Page, void, void>): Promise<Page> => {
  const { value } = await pages.next();
  if (value === undefined) throw new Error("the poller ended");
  return value;
};
const ids = ({ body }: Page): readonly number[] =>
  body.length === 0
    ? []
    : (JSON.parse(Buffer.from(body).toString()) as { readonly data: readonly { readonly id: number }[] }).data.map(
        ({ id }) => id,
      );

test("a reading that was interrupted for hours still finds an event that was shown late in the meantime", async () => {
  // 60 events of the last ten minutes; one between them is shown four minutes late, after its place has been read.
  const events = Array.from({ length: 60 }, (_, n) => held(n, start - 600_000 + n * 10_000));
  const late = held(900, start - 120_000, start + 60_000);
  const young = Array.from({ length: 100 }, (_, n) => held(1000 + n, start + 600_000 + n * 1000));
  const { pages, clock } = await begin([...events, late, ...young]);
  const first = await next(pages());
  expect(first.cursor).toHaveProperty("next");
  clock.advance(4 * 3_600_000);
  const found = new Set<number>(ids(first));
  const running = pages(first.cursor);
  for (let read = 0; read < 8; read += 1) for (const id of ids(await next(running))) found.add(id);
  expect(found).toContain(901);
  expect(found.size).toBe(161);
});

test("a cursor that OneLogin forgot falls back to the reading's own beginning", async () => {
  const events = Array.from({ length: 80 }, (_, n) => held(n, start - 600_000 + n * 1000));
  let cursorsSince = 0;
  const { pages, clock } = await begin(events, { cursorsSince: () => cursorsSince });
  const first = await next(pages());
  clock.advance(60_000);
  cursorsSince = clock.now();
  const again = await next(pages(first.cursor));
  expect(ids(again)).toEqual(ids(first));
});

test("what was read already and is read again is not stored again, until the poller is started again", async () => {
  const { pages, clock } = await begin([held(0, start - 60_000), held(1, start - 50_000)]);
  const running = pages();
  const first = await next(running);
  expect(ids(first)).toEqual([1, 2]);
  expect(first.waitSeconds).toBe(60);
  clock.advance(60_000);
  const second = await next(running);
  expect(second.body).toHaveLength(0);
  expect(second.waitSeconds).toBe(60);
  expect(ids(await next(pages(second.cursor)))).toEqual([1, 2]);
});

test("the limit of calls is waited out: as the headers say, else as /auth/rate_limit says", async () => {
  const { pause } = await onelogin.poll!();
  const spent = new Headers({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "90" });
  const left = new Headers({ "x-ratelimit-remaining": "3", "x-ratelimit-reset": "90" });
  for (const status of [400, 429]) {
    expect(pause?.({ status, headers: spent }, start)).toBe(91);
    expect(pause?.({ status, headers: left }, start)).toBeUndefined();
  }
  expect(pause?.({ status: 200, headers: spent }, start)).toBeUndefined();

  const { pages, asked, vendor } = await begin([held(0, start - 1000)], { callsPerHour: 1 });
  vendor.throttled(1);
  const running = pages();
  const first = await next(running);
  const waiting = await next(running);
  expect(asked.at(-1)!.pathname).toBe("/auth/rate_limit");
  expect(waiting.body).toHaveLength(0);
  expect(waiting.waitSeconds).toBe(3600);
  expect(waiting.cursor).toEqual(first.cursor);
});

test("a full answer that does not say whether there is more is not believed", async () => {
  const poll: Poll = await onelogin.poll!();
  const data = Array.from({ length: 50 }, (_, n) => event(n, start));
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, options),
    since: new Date(start).toISOString(),
    now: () => start,
    signal: new AbortController().signal,
    fetch: (url) =>
      Promise.resolve(
        Response.json(url.pathname.endsWith("/token") ? { access_token: "t", expires_in: 36_000 } : { data }),
      ),
  };
  await expect(next(poll.pages(undefined, host))).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID" });
});

test("a token that ends while a limit is waited out is replaced; one that is refused when new is not", async () => {
  const { pages, asked, clock } = await begin([held(0, start - 1000)], { tokenSeconds: 1000 }, 60_000);
  await next(pages());
  clock.advance(920_000);
  // The same token again, with 20 seconds left.
  expect(ids(await next(pages()))).toEqual([1]);
  expect(asked.filter(({ pathname }) => pathname.endsWith("/token"))).toHaveLength(3);

  const wrong = await begin([], { tokenSeconds: 0 });
  await expect(next(wrong.pages())).rejects.toMatchObject({ code: "VENDOR_REFUSED" });
  expect(wrong.asked.length).toBeLessThan(10);
});

/** A poller whose answers are these, and the addresses it asked. */
async function answered(answers: readonly object[], now = start) {
  const poll: Poll = await onelogin.poll!();
  const asked: URL[] = [];
  const host: PollHost<unknown> = {
    options: readOptions(poll.options, options),
    since: new Date(start - 3_600_000).toISOString(),
    now: () => now,
    signal: new AbortController().signal,
    fetch: (url) => {
      if (url.pathname.startsWith("/auth/"))
        return Promise.resolve(Response.json({ access_token: "t", expires_in: 36_000 }));
      asked.push(url);
      const answer = answers[(asked.length - 1) % answers.length];
      return Promise.resolve(Response.json(answer, { status: answer !== undefined && "data" in answer ? 200 : 400 }));
    },
  };
  return { asked, pages: (cursor?: Json) => poll.pages(cursor, host) };
}
const ok = { error: false, code: 200, type: "success", message: "Success" };
const page = (link: string) => ({ status: ok, pagination: { ["next_link"]: link }, data: [event(1, start - 60_000)] });
const drained = async (pages: AsyncGenerator<Page, void, void>): Promise<never> => {
  for (let read = 0; read < 50; read += 1) await next(pages);
  throw new Error("fifty pages, and no end");
};

test.each([`https://x.example.com/?after_cursor=${"a".repeat(5000)}`, "https://x.example.com/", "https://[", "x"])(
  "a link that leads nowhere is not taken for the end: %s",
  async (link) => {
    const { pages } = await answered([page(link)]);
    await expect(next(pages())).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID", retryable: true });
  },
);

test("a link that leads to itself, and cursors that are never taken, are not followed for ever", async () => {
  const broken = { code: "VENDOR_ANSWER_INVALID", retryable: true };
  const { pages: circle } = await answered([page("https://x.example.com/?after_cursor=a")]);
  await expect(drained(circle())).rejects.toMatchObject(broken);
  const refused = { status: { error: true, code: 400, type: "bad request", message: "Invalid cursor" } };
  const { pages } = await answered([page("https://x.example.com/?after_cursor=a"), refused]);
  await expect(drained(pages())).rejects.toMatchObject(broken);
});

test("a clock that was set back makes no span that ends before it begins", async () => {
  const { asked, pages } = await answered([{ status: ok, pagination: {}, data: [] }], start - 86_400_000);
  await next(pages({ v: 1, since: new Date(start).toISOString() }));
  const { searchParams } = asked[0]!;
  expect(Date.parse(searchParams.get("until")!)).toBeGreaterThan(Date.parse(searchParams.get("since")!));
});
