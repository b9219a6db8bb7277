import { fixtureContext, pollSuite } from "@tributary/adapter-kit/suite";
import type { VendorWorld } from "@tributary/adapter-kit/suite";
import type { JsonObject, Page, PollHost } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { describe, expect, test } from "vitest";
import { launchdarkly } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { launchdarklyApi, token } from "./launchdarkly-api.ts";
import type { LaunchDarklyFaults } from "./launchdarkly-api.ts";

const entry = (n: number, at: number): JsonObject => ({
  _id: `65c0${String(n).padStart(20, "0")}`,
  _accountId: "64a000000000000000000001",
  date: at,
  accesses: [{ action: "updateOn", resource: `proj/storefront:env/production:flag/flag-${n % 7}` }],
  kind: "flag",
  name: `Flag ${n % 7}`,
  titleVerb: "turned on the flag",
  member: { _id: "64b0000000000000000000aa", email: "rita@example.com" },
});
const full = (n: number, at: number): JsonObject => ({
  ...entry(n, at),
  currentVersion: { _id: `flag-${n % 7}`, version: n },
});
const options = { token: secretFrom(token) };

pollSuite({ test, adapter: launchdarkly, options, vendor: launchdarklyApi, record: entry, latenessSeconds: 280 });

// The same, in full: the list leaves the versions out.
describe("in full", () => {
  pollSuite({
    test,
    adapter: launchdarkly,
    options: { ...options, details: true },
    vendor: launchdarklyApi,
    record: full,
    records: 1500,
    crashes: 60,
    latenessSeconds: 280,
  });
});

// The documentation does not say whether `before` and `after` include their own millisecond.
describe("inclusive edges", () => {
  pollSuite({
    test,
    adapter: launchdarkly,
    options,
    vendor: (world) => launchdarklyApi(world, { inclusive: true }),
    record: entry,
    records: 1500,
    crashes: 40,
    latenessSeconds: 280,
  });
});

/** A world of entries that are all shown, at these times. */
function still(times: readonly number[], record = entry): VendorWorld {
  const held = times.map((at, n) => ({ n, at, shownAt: at, record: record(n, at) }));
  return { now: () => 2_000_000_000_000, visible: () => held };
}

const day = Date.UTC(2026, 0, 31);

/** The first pages of a poller, until it waits. */
async function round(
  world: VendorWorld,
  given: object = {},
  faults: LaunchDarklyFaults = {},
  cursor?: Page["cursor"],
): Promise<readonly Page[]> {
  const host: PollHost<never> = {
    options: readOptions(poll.options, { ...options, ...given }) as never,
    fetch: (url, init) => launchdarklyApi(world, faults).fetch(new Request(url, init)),
    since: new Date(day).toISOString(),
    now: world.now,
    signal: new AbortController().signal,
  };
  const pages: Page[] = [];
  for await (const page of poll.pages(cursor, host)) {
    pages.push(page);
    if ((page.waitSeconds ?? 0) > 0) break;
  }
  return pages;
}

const idsOf = (pages: readonly Page[]): readonly string[] =>
  pages.flatMap(({ body }) =>
    body.length === 0
      ? []
      : launchdarkly
          .map(JSON.parse(new TextDecoder().decode(body)), fixtureContext)
          .map((result) => (result.kind === "event" ? result.id : result.kind)),
  );

test("20 entries of one millisecond that lie across pages are all read", async () => {
  const times = [
    ...Array.from({ length: 10 }, () => day + 5000),
    ...Array.from({ length: 20 }, () => day + 4000),
    day + 10,
  ];
  expect(new Set(idsOf(await round(still(times)))).size).toBe(31);
});

test("more than 20 entries of one millisecond do not stop the poller", async () => {
  const times = [...Array.from({ length: 45 }, () => day + 4000), day + 10];
  expect(idsOf(await round(still(times)))).toContain(entry(45, 0)["_id"]);
});

test("entries before the beginning are not asked for", async () => {
  expect(idsOf(await round(still([day - 1, day, day + 1])))).toHaveLength(2);
});

test("a round that was broken off goes on where it was, from the same newest entry", async () => {
  const world = still(Array.from({ length: 50 }, (_, n) => day + n * 1000));
  const [first] = await round(world);
  const asked: URL[] = [];
  const rest = await round(world, {}, { asked: (url) => void asked.push(url) }, first!.cursor);
  expect(asked[0]?.searchParams.get("before")).toBe(String(day + 30_001));
  expect(rest.at(-1)?.cursor).toEqual({ v: 1, after: day + 49_000 - 300_000 < day ? day : day + 49_000 - 300_000 });
});

test("a cursor of another version begins anew rather than skip", async () => {
  expect(idsOf(await round(still([day, day + 1]), {}, {}, { v: 2, after: day + 10 }))).toHaveLength(2);
});

test("an entry that can be listed and not fetched is sent as it was listed", async () => {
  const pages = await round(still([day + 1]), { details: true }, { listedOnly: true });
  expect(idsOf(pages)).toEqual([entry(0, 0)["_id"]]);
});

test("what was fetched in full is not fetched again in the next round", async () => {
  const world = still([day + 1000, day + 2000], full);
  const asked: string[] = [];
  const host: PollHost<never> = {
    options: readOptions(poll.options, { ...options, details: true }) as never,
    fetch: (url, init) =>
      launchdarklyApi(world, { asked: ({ pathname }) => void asked.push(pathname) }).fetch(new Request(url, init)),
    since: new Date(day).toISOString(),
    now: world.now,
    signal: new AbortController().signal,
  };
  let rounds = 0;
  for await (const { waitSeconds } of poll.pages(undefined, host))
    if ((waitSeconds ?? 0) > 0 && (rounds += 1) === 3) break;
  expect(asked.filter((path) => path !== "/api/v2/auditlog")).toHaveLength(2);
  expect(rounds).toBe(3);
});

test("the resource specifier is handed on", async () => {
  const asked: URL[] = [];
  await round(still([day + 1]), { spec: "proj/*:env/production:flag/*" }, { asked: (url) => void asked.push(url) });
  expect(asked[0]?.searchParams.get("spec")).toBe("proj/*:env/production:flag/*");
});

test("the pause is what X-Ratelimit-Reset says, by the vendor's clock where it tells it", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const pause = (status: number, headers: Record<string, string>) =>
    poll.pause?.({ status, headers: new Headers(headers) }, now);
  expect(pause(429, { "x-ratelimit-reset": String(now + 7500) })).toBe(8);
  expect(pause(429, { "x-ratelimit-reset": String(now + 7500), date: new Date(now + 5000).toUTCString() })).toBe(3);
  expect(pause(429, { "x-ratelimit-reset": String(now - 7500) })).toBe(1);
  expect(pause(429, { "x-ratelimit-reset": String(now + 3_600_000) })).toBe(60);
  expect(pause(429, { "retry-after": "4", "x-ratelimit-reset": String(now + 7500) })).toBeUndefined();
  expect(pause(429, {})).toBeUndefined();
  expect(pause(200, { "x-ratelimit-reset": String(now + 7500) })).toBeUndefined();
});

test("an entry dated in the future does not move the next round past the others", async () => {
  const world = { ...still([day + 1000, day + 90_000_000]), now: () => day + 600_000 };
  expect((await round(world)).at(-1)?.cursor).toEqual({ v: 1, after: day + 300_000 });
});

const odd = (n: number, at: number) => ({ ...full(n, at), date: n === 0 ? String(at) : n === 1 ? "soon" : at });

test("entries whose date is a text or cannot be read are read, listed or in full", async () => {
  for (const details of [false, true]) {
    const pages = await round(still([day, day + 1000, day + 2000], odd), { details });
    expect(new Set(idsOf(pages)).size).toBe(3);
  }
});
