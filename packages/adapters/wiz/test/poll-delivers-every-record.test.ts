import { fixtureContext, pollSuite, VirtualClock } from "@tributary/adapter-kit/suite";
import type { VendorWorld } from "@tributary/adapter-kit/suite";
import type { Json, JsonObject, Page, PollHost } from "@tributary/adapter-kit";
import { textAt, valueAt } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { describe, expect, test } from "vitest";
import { wiz } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { clientId, clientSecret, url, wizApi } from "./wiz-api.ts";
import type { WizFaults } from "./wiz-api.ts";

/** Times as Wiz writes them: with more digits than ms. */
const written = (at: number) => new Date(at).toISOString().replace("Z", "123Z");
const entry = (n: number, at: number): JsonObject => ({
  id: `11111111-0000-4000-8000-${String(n).padStart(12, "0")}`,
  action: "UpdateProject",
  requestId: `22222222-0000-4000-8000-${String(n).padStart(12, "0")}`,
  status: "SUCCESS",
  timestamp: written(at),
  actionParameters: { input: { id: String(n) } },
  userAgent: null,
  sourceIP: "192.0.2.10",
  serviceAccount: null,
  user: { id: "rita@example.com", name: "Rita Rivers" },
});
/** Every third record is a revision of one of fifty issues. */
const entryOrIssue = (n: number, at: number): JsonObject =>
  n % 3 === 0
    ? {
        id: `44444444-0000-4000-8000-${String(n % 50).padStart(12, "0")}`,
        createdAt: "2026-01-01T00:00:00Z",
        updatedAt: written(at),
        statusChangedAt: written(at),
        status: n % 2 === 0 ? "OPEN" : "RESOLVED",
        severity: "HIGH",
      }
    : entry(n, at);
const options = { url, clientId, clientSecret: secretFrom(clientSecret), pageSize: 20 };
const suite = { test, adapter: wiz, options, record: entry, latenessSeconds: 600 };

pollSuite({ ...suite, vendor: wizApi });

describe("oldest first, bounds that include themselves", () => {
  pollSuite({
    ...suite,
    vendor: (world) => wizApi(world, { ascending: true, inclusive: true }),
    records: 1500,
    crashes: 60,
  });
});

describe("with issues", () => {
  pollSuite({
    ...suite,
    options: { ...options, issues: true },
    vendor: wizApi,
    record: entryOrIssue,
    records: 1500,
    crashes: 60,
  });
});

const start = Date.UTC(2026, 0, 31);

/** A poller over records that are all shown, at these times. */
function polling(times: readonly number[], given: object = {}, faults: WizFaults = {}, cursor?: Json) {
  const clock = new VirtualClock(start + 3_600_000);
  const held = times.map((at, n) => ({ n, at, shownAt: at, record: entry(n, at) }));
  const { behind } = faults;
  const world: VendorWorld = {
    now: clock.now,
    visible: () => (behind === undefined ? held : held.filter(({ at }) => at <= clock.now() - behind)),
  };
  const vendor = wizApi(world, faults);
  const host: PollHost<never> = {
    options: readOptions(poll.options, { ...options, ...given }) as never,
    fetch: (address, init) => vendor.fetch(new Request(address, init)),
    since: new Date(start).toISOString(),
    now: clock.now,
    signal: new AbortController().signal,
  };
  return { clock, pages: poll.pages(cursor, host) };
}

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
      : wiz
          .map(JSON.parse(new TextDecoder().decode(body)), fixtureContext)
          .map((result) => (result.kind === "event" ? result.id : result.kind)),
  );

test.each([true, false])(
  "records of one time that a page cuts apart are all read (oldest first: %s)",
  async (ascending) => {
    const times = [
      ...Array.from({ length: 15 }, (_, n) => start + n),
      ...Array.from({ length: 12 }, () => start + 500),
    ];
    const ids = idsOf(await round(polling([...times, start + 900], { pageSize: 20 }, { ascending })));
    expect(new Set(ids).size).toBe(28);
  },
);

test.each([true, false])(
  "records of one time that are more than a page are all read (oldest first: %s)",
  async (ascending) => {
    const times = [start, ...Array.from({ length: 70 }, () => start + 500), start + 900];
    const ids = idsOf(await round(polling(times, { pageSize: 20 }, { ascending })));
    expect(new Set(ids).size).toBe(72);
  },
);

test("a clock hours ahead of Wiz's passes nothing over", async () => {
  const now = start + 3_600_000;
  const behind = 2 * 3_600_000;
  // One record a minute, shown when Wiz's clock is there.
  const times = Array.from({ length: 200 }, (_, n) => now - behind - 3_600_000 + n * 60_000);
  const poller = polling(times, {}, { behind }, { v: 1, entries: { from: times[0]! }, issues: { from: times[0]! } });
  const ids = new Set<string>();
  for (let n = 0; n < 60; n += 1) {
    for (const id of idsOf(await round(poller))) ids.add(id);
    poller.clock.advance(600_000);
  }
  expect(ids.size).toBe(200);
});

const refusal = (code: string) => Response.json({ data: null, errors: [{ extensions: { code } }] });

test("an error that passes in the middle of a window is no refused cursor", async () => {
  for (const code of ["RATE_LIMIT_EXCEEDED", "INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE"]) {
    const poller = polling(
      Array.from({ length: 50 }, (_, n) => start + n * 1000),
      {},
      { answers: (after) => (after === undefined ? undefined : refusal(code)) },
    );
    await expect(round(poller)).rejects.toMatchObject({ code: "VENDOR_UNAVAILABLE", retryable: true });
  }
});

test("nothing further back than 180 days is asked for", async () => {
  const asked: Json[] = [];
  const old = polling(
    [],
    {},
    { asked: (variables) => asked.push(variables) },
    {
      v: 1,
      entries: { from: Date.UTC(2020, 0, 1) },
      issues: { from: Date.UTC(2020, 0, 1) },
    },
  );
  const pages = await round(old);
  expect(textAt(asked[0], "filterBy", "timestamp", "after")).toBe("2025-08-04T00:59:59.999Z");
  // A day at a time, up to a minute before now.
  expect(asked.length).toBeGreaterThan(180);
  expect(valueAt(pages[0]?.cursor, "entries", "from")).toBe(Date.UTC(2025, 7, 5, 1) - 600_000);
});

test("a cursor that has expired begins its window again; one that is refused anew is trouble", async () => {
  const times = Array.from({ length: 50 }, (_, n) => start + n * 1000);
  const given: string[] = [];
  const once = (after: string) => given.push(after) === 1;
  const pages = await round(polling(times, {}, { refuses: once }));
  expect(new Set(idsOf(pages)).size).toBe(50);
  await expect(round(polling(times, {}, { refuses: () => true }))).rejects.toMatchObject({
    code: "VENDOR_ANSWER_INVALID",
    retryable: true,
  });
});

test.each([
  ["FORBIDDEN", "VENDOR_REFUSED"],
  ["GRAPHQL_VALIDATION_FAILED", "VENDOR_REFUSED"],
  ["INTERNAL_SERVER_ERROR", "VENDOR_UNAVAILABLE"],
  ["SOMETHING_ELSE", "VENDOR_ANSWER_INVALID"],
])("the error %s of an answer with HTTP 200 is %s", async (code, named) => {
  const host: PollHost<never> = {
    options: readOptions(poll.options, options) as never,
    fetch: (address) =>
      Promise.resolve(
        address.pathname === "/oauth/token"
          ? Response.json({ access_token: "token", expires_in: 60 })
          : Response.json({ data: null, errors: [{ message: clientSecret, extensions: { code } }] }),
      ),
    since: new Date(start).toISOString(),
    now: () => start + 3_600_000,
    signal: new AbortController().signal,
  };
  const error: unknown = await poll
    .pages(undefined, host)
    .next()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: named });
  expect(String(error)).not.toContain(clientSecret);
});

test("a first run that begins now waits rather than ask for an empty span", async () => {
  const asked: Json[] = [];
  const now = start + 3_600_000;
  const cursor = { v: 1, entries: { from: now }, issues: { from: now } };
  expect(await round(polling([], {}, { asked: (variables) => asked.push(variables) }, cursor))).toHaveLength(1);
  expect(asked).toEqual([]);
});
