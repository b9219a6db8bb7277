import type { Json, Page, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord } from "@tributary/adapter-kit/suite";
import { describe, expect, test } from "vitest";
import { github } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { githubApi } from "./github-api.ts";
import type { GithubApiOptions } from "./github-api.ts";

const token = "ghp_not-a-real-token";
const account = "orgs/example-org";
const start = Date.UTC(2026, 0, 31, 12);
const minute = 60_000;
const day = 24 * 60 * minute;

const record = (n: number, at: number) => ({
  "@timestamp": at,
  created_at: at,
  _document_id: `doc-${n}`,
  action: "repo.create",
  actor: "ada",
  org: "example-org",
});
const held = (n: number, at: number, shownAt = at): HeldRecord => ({ n, at, shownAt, record: record(n, at) });

pollSuite({
  test,
  adapter: github,
  options: { account, token: secretFrom(token) },
  vendor: (world) => githubApi(world, { token, account }),
  record,
  latenessSeconds: 15 * 60,
});

describe("Enterprise Server, whose pages are counted", () => {
  pollSuite({
    test,
    adapter: github,
    options: { account: "enterprises/example", token: secretFrom(token), api: "https://git.example.com/api/v3" },
    vendor: (world) => githubApi(world, { token, account: "enterprises/example", base: "/api/v3" }),
    record,
    records: 1000,
    crashes: 20,
    latenessSeconds: 15 * 60,
  });
});

describe("cursors that lapse after ten seconds", () => {
  pollSuite({
    test,
    adapter: github,
    options: { account, token: secretFrom(token) },
    vendor: (world) => githubApi(world, { token, account, cursorLife: 10_000 }),
    record,
    records: 2000,
    crashes: 40,
    latenessSeconds: 15 * 60,
  });
});

/** The first `count` pages of a poller whose clock and GitHub's may differ, and what it searched for. */
async function pagesOf(
  records: readonly HeldRecord[],
  count: number,
  {
    since = start - day,
    cursor,
    hostClock = start,
    ...api
  }: Partial<GithubApiOptions> & { since?: number; cursor?: Json; hostClock?: number } = {},
): Promise<{ readonly pages: readonly Page[]; readonly searches: readonly string[] }> {
  const clock = new VirtualClock(start);
  const searches: string[] = [];
  const world = { now: clock.now, visible: () => records.filter(({ shownAt }) => shownAt <= clock.now()) };
  const vendor = githubApi(world, {
    token,
    account,
    onSearch: (url) => searches.push(url.searchParams.get("phrase") ?? ""),
    ...api,
  });
  const host: PollHost<ReturnType<typeof optionsOf>> = {
    options: optionsOf(),
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

const optionsOf = () => readOptions(poll.options, { account, token: secretFrom(token) });

test("a first run asks no further back than GitHub keeps, and its cursor says so", async () => {
  const { pages, searches } = await pagesOf([], 1, { since: start - 400 * day });
  expect(searches).toEqual(["created:>=2025-08-04T12:00:00Z"]);
  expect(pages[0]?.cursor).toEqual({ v: 1, from: "2025-08-04T12:00:00Z" });
});

test("a host whose clock is years ahead leaves out nothing that GitHub keeps", async () => {
  const { searches } = await pagesOf([], 1, { hostClock: start + 1000 * day });
  expect(searches.at(-1)).toBe("created:>=2026-01-30T12:00:00Z");
});

test("a pass that shows nothing moves nothing: what GitHub shows hours late is still read", async () => {
  const { pages } = await pagesOf([held(0, start - 5 * 60 * minute, start + 4 * minute)], 2);
  expect(pages[0]).toMatchObject({ body: new Uint8Array(), waitSeconds: 300 });
  expect(new TextDecoder().decode(pages[1]?.body)).toContain("doc-0");
});

test("a record dated in the future does not move the search past the others", async () => {
  const { pages } = await pagesOf(
    [held(0, start - minute), { ...held(1, start), at: start, record: record(1, start + 90 * day) }],
    1,
  );
  expect(pages[0]?.cursor).toEqual({ v: 1, from: "2026-01-31T11:45:00Z" });
});

test("a cursor of another version begins again where the first run began", async () => {
  const { searches } = await pagesOf([], 1, { cursor: { v: 2, where: "elsewhere" } });
  expect(searches).toEqual(["created:>=2026-01-30T12:00:00Z"]);
});

test("cursors that are never taken end the run with an error that says so", async () => {
  const many = Array.from({ length: 500 }, (_, n) => held(n, start - minute - n));
  await expect(pagesOf(many, 100, { cursorLife: -1 })).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
    retryable: true,
  });
});

test("cursors that lapse time and again do not stop a search that gets on", async () => {
  // Every second page is refused, and each page is hours after the one before it.
  const many = Array.from({ length: 1000 }, (_, n) => held(n, start - 20 * 60 * minute + n * minute));
  const { pages } = await pagesOf(many, 12, { cursorLife: -1 });
  expect(new TextDecoder().decode(pages[9]?.body)).toContain("doc-800");
});

test("a spent budget is waited for until GitHub's reset, a secondary limit as long as it says", () => {
  const spent = new Headers({ "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(start / 1000 + 900) });
  for (const status of [403, 429]) expect(poll.pause?.({ status, headers: spent }, start)).toBe(900);
  expect(poll.pause?.({ status: 403, headers: new Headers({ "Retry-After": "60" }) }, start)).toBe(60);
  expect(poll.pause?.({ status: 403, headers: new Headers({ "X-RateLimit-Remaining": "12" }) }, start)).toBeUndefined();
  expect(poll.pause?.({ status: 404, headers: spent }, start)).toBeUndefined();
  // By GitHub's clock, where it is shown.
  spent.set("Date", new Date(start + 600_000).toUTCString());
  expect(poll.pause?.({ status: 403, headers: spent }, start + 7_200_000)).toBe(300);
});

test("git events alone are asked for when the options say so", () => {
  const options = readOptions(poll.options, { account, token: secretFrom(token), include: "git" });
  expect(poll.exclusive(options)).toBe(`https://api.github.com ${account} git`);
  expect(() => readOptions(poll.options, { account: "users/ada", token: secretFrom(token) })).toThrow(/account/);
});
