import type { Json, Page, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { snyk } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { snykApi } from "./snyk-api.ts";
import type { SnykApiOptions } from "./snyk-api.ts";

const token = "not-a-real-token";
const authorization = `token ${token}`;
const scope = "orgs/0f0e0d0c-1111-4111-8111-0000000000a1";
const group = "groups/0f0e0d0c-2222-4222-8222-0000000000b1";
const client = { id: "example-client", secret: "not-a-real-secret", tokenSeconds: 600 };
const start = Date.UTC(2026, 0, 31, 12);
const minute = 60_000;
const day = 24 * 60 * minute;

const record = (n: number, at: number) => ({
  created: new Date(at).toISOString(),
  event: "org.project.edit",
  org_id: "0f0e0d0c-1111-4111-8111-0000000000a1",
  user_id: "0f0e0d0c-3333-4333-8333-0000000000c1",
  content: { snapshotId: `snapshot-${n}` },
});
const held = (n: number, at: number, shownAt = at): HeldRecord => ({ n, at, shownAt, record: record(n, at) });

pollSuite({
  test,
  adapter: snyk,
  options: { scope, token: secretFrom(token) },
  vendor: (world) => snykApi(world, { scope, authorization }),
  record,
  latenessSeconds: 15 * 60,
});

describe("a group, with client credentials whose tokens last ten minutes, and links as objects", () => {
  pollSuite({
    test,
    adapter: snyk,
    options: { scope: group, clientId: client.id, clientSecret: secretFrom(client.secret) },
    vendor: (world) => snykApi(world, { scope: group, client, link: "href" }),
    record,
    records: 2000,
    crashes: 40,
    latenessSeconds: 15 * 60,
  });
});

describe("cursors that lapse after ten seconds, and absolute links", () => {
  pollSuite({
    test,
    adapter: snyk,
    options: { scope, token: secretFrom(token) },
    vendor: (world) => snykApi(world, { scope, authorization, cursorLife: 10_000, link: "absolute" }),
    record,
    records: 2000,
    crashes: 40,
    latenessSeconds: 15 * 60,
  });
});

interface Run extends Partial<SnykApiOptions> {
  readonly since?: number;
  readonly cursor?: Json;
  readonly hostClock?: number;
  readonly options?: object;
}

/** The first `count` pages of a poller whose clock and Snyk's may differ, and what it searched for. */
async function pagesOf(records: readonly HeldRecord[], count: number, run: Run = {}) {
  const { since = start - day, cursor, hostClock = start, options = {}, ...api } = run;
  const clock = new VirtualClock(start);
  const searches: URL[] = [];
  const world = { now: clock.now, visible: () => records.filter(({ shownAt }) => shownAt <= clock.now()) };
  const vendor = snykApi(world, { scope, authorization, onSearch: (url) => searches.push(url), ...api });
  const host: PollHost<ReturnType<typeof optionsOf>> = {
    options: optionsOf(options),
    since: new Date(since).toISOString(),
    now: () => hostClock,
    signal: new AbortController().signal,
    fetch: (url, init) => vendor.fetch(new Request(url, init)),
  };
  const pages: Page[] = [];
  for await (const page of poll.pages(cursor, host)) {
    pages.push(page);
    clock.advance((page.waitSeconds ?? 0) * 1000);
    if (pages.length >= count) break;
  }
  return { pages, searches };
}

const optionsOf = (more: object) => readOptions(poll.options, { scope, token: secretFrom(token), ...more });
const fromOf = (url: URL | undefined) => url?.searchParams.get("from");

test("a first run asks no further back than Snyk keeps, and its cursor says so", async () => {
  const { pages, searches } = await pagesOf([], 1, { since: start - 400 * day });
  expect(fromOf(searches[0])).toBe("2025-11-02T12:00:00.000Z");
  expect(pages[0]?.cursor).toEqual({ v: 1, from: "2025-11-02T12:00:00.000Z" });
});

const stored = (at: number) => ({ v: 1, from: new Date(at).toISOString() });

test("a run that goes on after a long rest, and one that saw nothing, ask no further back than Snyk keeps", async () => {
  const rested = await pagesOf([], 1, { cursor: stored(start - 400 * day) });
  expect(rested.searches.map(fromOf)).toEqual(["2025-11-02T12:00:00.000Z"]);
  const quiet = await pagesOf([], 3, { cursor: stored(start - 90 * day) });
  expect(quiet.searches.map(fromOf)).toEqual([
    "2025-11-02T12:00:00.000Z",
    "2025-11-02T12:00:00.000Z",
    "2025-11-02T12:05:00.000Z",
  ]);
  const ahead = await pagesOf([], 1, { cursor: stored(start - day), hostClock: start + 1000 * day });
  expect(fromOf(ahead.searches.at(-1))).toBe("2026-01-30T12:00:00.000Z");
});

test("a link to the next page that holds no cursor is an answer that cannot be read, not the end", async () => {
  const many = Array.from({ length: 200 }, (_, n) => held(n, start - minute - n));
  await expect(pagesOf(many, 3, { link: "bare" })).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID" });
});

test("a host whose clock is years ahead leaves out nothing that Snyk keeps", async () => {
  const { searches } = await pagesOf([], 1, { hostClock: start + 1000 * day });
  expect(fromOf(searches.at(-1))).toBe("2026-01-30T12:00:00.000Z");
});

test("a page without items is empty and moves nothing: what Snyk shows hours late is still read", async () => {
  const { pages } = await pagesOf([held(0, start - 5 * 60 * minute, start + 4 * minute)], 2);
  expect(pages[0]).toMatchObject({ body: new Uint8Array(), waitSeconds: 300 });
  expect(new TextDecoder().decode(pages[1]?.body)).toContain("snapshot-0");
});

test("a record dated in the future does not move the search past the others", async () => {
  const { pages } = await pagesOf(
    [held(0, start - minute), { ...held(1, start), record: record(1, start + 90 * day) }],
    1,
  );
  expect(pages[0]?.cursor).toEqual({ v: 1, from: "2026-01-31T11:45:00.000Z" });
});

test("a cursor of another version begins again where the first run began", async () => {
  const { searches } = await pagesOf([], 1, { cursor: { v: 2, where: "elsewhere" } });
  expect(fromOf(searches[0])).toBe("2026-01-30T12:00:00.000Z");
});

test("cursors that are never taken end the run with an error that says so", async () => {
  const many = Array.from({ length: 500 }, (_, n) => held(n, start - minute - n));
  await expect(pagesOf(many, 100, { cursorLife: -1 })).rejects.toMatchObject({ code: "VENDOR_REFUSED" });
});

test("events are named one by one, and api.access is had by naming it", async () => {
  const { searches } = await pagesOf([], 1, { options: { events: ["api.access", "org.user.invite_link.create"] } });
  expect(searches[0]?.searchParams.getAll("events")).toEqual(["api.access", "org.user.invite_link.create"]);
  const { searches: others } = await pagesOf([], 1, { options: { excludeEvents: ["org.project.edit"] } });
  expect(others[0]?.searchParams.getAll("exclude_events")).toEqual(["org.project.edit"]);
});

test("options that contradict each other are refused by name", async () => {
  const both = { events: ["api.access"], excludeEvents: ["org.edit"] };
  await expect(pagesOf([], 1, { options: both })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  const twice = { clientId: "example", clientSecret: secretFrom("example") };
  await expect(pagesOf([], 1, { options: twice })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
  await expect(pagesOf([], 1, { options: { token: undefined } })).rejects.toMatchObject({ code: "OPTIONS_INVALID" });
});

test("two pollers of one scope share nothing only when their events differ", () => {
  const one = poll.exclusive(optionsOf({ events: ["api.access"] }));
  expect(one).toBe(`https://api.snyk.io ${scope} api.access`);
  expect(poll.exclusive(optionsOf({ excludeEvents: ["org.edit"] }))).toBe(`https://api.snyk.io ${scope} -org.edit`);
});

test("a key that asked too often is left idle for a minute at least", () => {
  const pause = poll.pause?.bind(poll);
  expect(pause?.({ status: 429, headers: new Headers() }, start)).toBe(61);
  expect(pause?.({ status: 429, headers: new Headers({ "X-Ratelimit-Reset": "1, 1;w=1" }) }, start)).toBe(61);
  expect(pause?.({ status: 429, headers: new Headers({ "X-Ratelimit-Reset": "90" }) }, start)).toBe(90);
  expect(pause?.({ status: 429, headers: new Headers({ "Retry-After": "120" }) }, start)).toBe(120);
  expect(pause?.({ status: 403, headers: new Headers() }, start)).toBeUndefined();
});
