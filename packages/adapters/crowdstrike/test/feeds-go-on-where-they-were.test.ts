import { mapFrame } from "@tributary/adapter-kit";
import type { Json, Page } from "@tributary/adapter-kit";
import { readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { poll } from "../src/poll.ts";
import { crowdstrike } from "../src/index.ts";
import { client, falcon } from "./crowdstrike-api.ts";
import type { FalconQuirks } from "./crowdstrike-api.ts";

const start = Date.UTC(2026, 0, 31, 12);
const since = "2026-01-31T12:00:00Z";
const options = readOptions(poll.options, {
  region: "us-2",
  clientId: client.clientId,
  clientSecret: secretFrom(client.clientSecret),
});

const line = (offset: number, at: number, eventType = "AuthActivityAuditEvent") => ({
  metadata: { customerIDString: "a1b2", offset, eventType, eventCreationTime: at, version: "1.0" },
  event: { UserId: "carla.mendes@example.com", OperationName: "userAuthenticate", Success: true },
});

/** A world of lines, each of a feed at an offset, shown from a time (ms) on. */
function world(lines: readonly (readonly [feed: string, offset: number, at: number, type?: string])[]) {
  const clock = new VirtualClock(start);
  const records = lines.map(([feed, offset, at, type], n): HeldRecord => ({
    n,
    at,
    shownAt: at,
    record: { feed, line: line(offset, at, type) },
  }));
  const shown: VendorWorld = { now: clock.now, visible: () => records.filter(({ shownAt }) => shownAt <= clock.now()) };
  return { clock, shown };
}

interface Read {
  readonly pages: readonly Page[];
  readonly uids: readonly string[];
  readonly asked: readonly string[];
}

/** Pages until a virtual time, waits kept. `change` may answer in the fake's place. */
async function readUntil(
  { clock, shown }: ReturnType<typeof world>,
  end: number,
  given: {
    readonly cursor?: Json;
    readonly quirks?: FalconQuirks;
    readonly options?: object;
    readonly change?: (request: Request, answer: Response) => Response | Promise<Response>;
  } = {},
): Promise<Read> {
  const asked: string[] = [];
  const vendor = falcon(shown, { ...given.quirks, onRequest: (what) => asked.push(what) });
  const life = new AbortController();
  const pages: Page[] = [];
  const generator = poll.pages(given.cursor, {
    options: { ...options, ...given.options },
    since,
    now: clock.now,
    signal: life.signal,
    fetch: async (url, init) => {
      const request = new Request(url, init);
      const answer = await vendor.fetch(request.clone());
      return given.change?.(request, answer) ?? answer;
    },
  });
  while (clock.now() < end) {
    const next = await generator.next();
    if (next.done === true) break;
    pages.push(next.value);
    await clock.sleep((next.value.waitSeconds ?? 0) * 1000);
  }
  await generator.return();
  const uids = pages.flatMap(({ body, format }) =>
    new TextDecoder()
      .decode(body)
      .split("\n")
      .filter((text) => text !== "")
      .flatMap((text) =>
        mapFrame(crowdstrike, format, new TextEncoder().encode(text), {
          accountId: "111122223333",
          origin: { receivedAt: since, occurrence: 0 },
        }),
      )
      .map((result) => {
        const data: { readonly UID: string } =
          result.kind === "event" ? JSON.parse(result.eventData) : { UID: JSON.stringify(result) };
        return data.UID;
      }),
  );
  return { pages, uids, asked };
}

const minute = 60_000;

test("an event's UID is made of cid, feed and offset, so equal offsets of two feeds stay two events", async () => {
  const { uids } = await readUntil(
    world([
      ["0", 7, start],
      ["1", 7, start],
    ]),
    start + minute,
  );
  expect(uids.toSorted()).toEqual(["a1b2:0:7", "a1b2:1:7"]);
});

test("a connection that drops goes on after the last offset, and a part of a line is asked for again", async () => {
  let connections = 0;
  const { uids, asked } = await readUntil(
    world([
      ["0", 7, start],
      ["0", 8, start],
      ["0", 9, start + minute],
    ]),
    start + 3 * minute,
    {
      change: (request, answer) => {
        if (!request.url.includes("/datafeed/v1/0?")) return answer;
        connections += 1;
        if (connections > 1) return answer;
        // Line 7, a blank line, and half of line 8.
        const text = `${JSON.stringify(line(7, start))}\n\n${JSON.stringify(line(8, start)).slice(0, 80)}`;
        return new Response(text, { status: 200 });
      },
    },
  );
  expect(uids).toEqual(["a1b2:0:7", "a1b2:0:8", "a1b2:0:9"]);
  expect(asked.filter((what) => what.includes("/datafeed/v1/0?")).map((what) => what.split("&").at(-1))).toEqual([
    "offset=0",
    "offset=8",
  ]);
});

test("a restart goes on after the committed offset of each feed", async () => {
  const lines: Parameters<typeof world>[0] = [
    ["0", 7, start],
    ["1", 3, start],
    ["0", 8, start],
  ];
  const cursor = { v: 1, feeds: { "0": { offset: 7 }, "1": { offset: 3 } } };
  const { uids, asked } = await readUntil(world(lines), start + minute, { cursor });
  expect(uids).toEqual(["a1b2:0:8"]);
  expect(asked.filter((what) => what.includes("/datafeed/v1/")).map((what) => what.split("&").at(-1))).toEqual([
    "offset=8",
    "offset=4",
  ]);
});

test("a session is refreshed before its interval ends, and the connection stays", async () => {
  const { asked } = await readUntil(world([["0", 7, start]]), start + 95 * minute, {
    quirks: { chunksPerConnection: 1e9 },
  });
  const refreshes = asked.filter((what) => what.startsWith("POST /sensors/entities/datafeed-actions/v1/0?"));
  expect(refreshes).toHaveLength(3);
  expect(refreshes[0]).toContain("action_name=refresh_active_stream_session");
  expect(refreshes[0]).toContain("appId=tributary");
  expect(asked.filter((what) => what.includes("/datafeed/v1/0?"))).toHaveLength(1);
});

test("a session that cannot be refreshed is opened anew", async () => {
  const { uids, asked } = await readUntil(
    world([
      ["0", 7, start],
      ["0", 8, start + 40 * minute],
    ]),
    start + 45 * minute,
    {
      quirks: { chunksPerConnection: 1e9 },
      change: (request, answer) =>
        request.url.includes("datafeed-actions") ? new Response("{}", { status: 404 }) : answer,
    },
  );
  expect(uids).toEqual(["a1b2:0:7", "a1b2:0:8"]);
  expect(asked.filter((what) => what.includes("/datafeed/v1/0?"))).toHaveLength(2);
});

test("no feed listed is no error: the list is asked for again every ten seconds", async () => {
  let lists = 0;
  const { pages, uids, asked } = await readUntil(world([["0", 7, start]]), start + 2 * minute, {
    change: (request, answer) => {
      if (!request.url.includes("/datafeed/v2")) return answer;
      lists += 1;
      if (lists > 6) return answer;
      const resources = lists % 2 === 0 ? [] : null;
      return new Response(JSON.stringify({ meta: {}, errors: [], resources }));
    },
  });
  expect(pages.slice(0, 6).map(({ body, waitSeconds }) => [body.length, waitSeconds])).toEqual(
    Array.from({ length: 6 }, () => [0, 10]),
  );
  expect(uids).toEqual(["a1b2:0:7"]);
  expect(asked.filter((what) => what.startsWith("POST /oauth2"))).toHaveLength(1);
});

test("a feed that another connection holds at first is opened when it is listed", async () => {
  let lists = 0;
  const both = world([
    ["0", 7, start],
    ["1", 3, start],
  ]);
  const { uids } = await readUntil(both, start + 40 * minute, {
    quirks: { chunksPerConnection: 1e9 },
    change: async (request, answer) => {
      if (!request.url.includes("/datafeed/v2")) return answer;
      lists += 1;
      const value: { readonly resources: readonly Json[] } = JSON.parse(await answer.text());
      return new Response(JSON.stringify({ ...value, resources: value.resources.slice(0, lists) }));
    },
  });
  expect(uids).toEqual(["a1b2:0:7", "a1b2:1:3"]);
});

test("a first run leaves out what is older than where it starts, over restarts", async () => {
  const old = world([
    ["0", 7, start - 2 * minute],
    ["0", 8, start - minute],
    ["0", 9, start],
    // Not in order: after the first line that counts all do.
    ["0", 10, start - 1],
  ]);
  const first = await readUntil(old, start + minute);
  expect(first.uids).toEqual(["a1b2:0:9", "a1b2:0:10"]);
  const skipping = { v: 1, feeds: { "0": { offset: 7, skips: true } } };
  expect((await readUntil(old, start + 2 * minute, { cursor: skipping })).uids).toEqual(["a1b2:0:9", "a1b2:0:10"]);
});

test("an offset that is no longer kept starts the feed from its oldest line: repeated, not skipped", async () => {
  const lines: Parameters<typeof world>[0] = [
    ["0", 90, start - minute],
    ["0", 91, start],
  ];
  const cursor = { v: 1, feeds: { "0": { offset: 5 } } };
  const { uids } = await readUntil(world(lines), start + minute, { cursor, quirks: { oldest: 90 } });
  expect(uids).toEqual(["a1b2:0:90", "a1b2:0:91"]);
});

test("event types that were asked for are asked of the feed", async () => {
  const lines: Parameters<typeof world>[0] = [
    ["0", 7, start, "DetectionSummaryEvent"],
    ["0", 8, start],
    ["0", 9, start, "UserActivityAuditEvent"],
  ];
  const eventTypes = ["AuthActivityAuditEvent", "UserActivityAuditEvent"];
  const { uids } = await readUntil(world(lines), start + minute, { options: { eventTypes } });
  expect(uids).toEqual(["a1b2:0:8", "a1b2:0:9"]);
});

test("a long line that comes in many pieces is one line, and is not waited for", async () => {
  const long = line(7, start);
  const text = `${JSON.stringify({ ...long, event: { ...long.event, ScriptContent: "x".repeat(100_000) } })}\n`;
  let sent = 0;
  const { pages, uids } = await readUntil(world([]), start + minute, {
    change: (request, answer) => {
      if (!request.url.includes("/datafeed/v1/0?")) return answer;
      const bytes = new TextEncoder().encode(text);
      const body = new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            if (sent >= bytes.length) return controller.enqueue(new TextEncoder().encode("\n"));
            controller.enqueue(bytes.subarray(sent, sent + 16_384));
            sent += 16_384;
          },
        },
        { highWaterMark: 0 },
      );
      return new Response(body);
    },
  });
  expect(uids).toEqual(["a1b2:0:7"]);
  expect(pages.findIndex(({ body }) => body.length > 0)).toBeLessThan(3);
});

test("a broken line does not hold up a feed: it is handed on, to be refused by name", async () => {
  const { uids } = await readUntil(world([]), start + minute, {
    change: (request, answer) =>
      request.url.includes("/datafeed/v1/0?offset=0") || request.url.endsWith("&offset=0")
        ? new Response(`{"metadata":{"offset":6,\n\n${JSON.stringify(line(7, start))}\n`)
        : answer,
  });
  expect(uids.filter((uid) => uid.startsWith("a1b2:0:"))).toEqual(["a1b2:0:7"]);
  expect(uids.some((uid) => uid.includes("NOT_JSON"))).toBe(true);
});

test("lines without an end that are no feed's are not held for ever", async () => {
  const garbage = new TextEncoder().encode(`{"status":"${"x".repeat(10_000)}"}\n`);
  const body = () => new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(garbage) });
  await expect(
    readUntil(world([]), start + minute, {
      change: (request, answer) => (request.url.includes("/datafeed/v1/") ? new Response(body()) : answer),
    }),
  ).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID", retryable: true });
});

test("a session is sent to no host outside the domain of the cloud", async () => {
  for (const elsewhere of [
    "https://firehose.crowdstrike.com.example.com/sensors/entities/datafeed/v1/0?appId=tributary",
    "http://firehose.us-2.crowdstrike.com/sensors/entities/datafeed/v1/0",
    "https://firehose.us-2.crowdstrike.com:8443/sensors/entities/datafeed/v1/0",
    "https://user@firehose.us-2.crowdstrike.com/sensors/entities/datafeed/v1/0",
    "nowhere",
  ])
    await expect(
      readUntil(world([]), start + minute, {
        change: async (request, answer) =>
          request.url.includes("/datafeed/v2")
            ? new Response(
                (await answer.text()).replaceAll(
                  /"dataFeedURL":"[^"]*"/g,
                  `"dataFeedURL":${JSON.stringify(elsewhere)}`,
                ),
              )
            : answer,
      }),
    ).rejects.toMatchObject({ code: /^VENDOR_(?:LINK_ELSEWHERE|ANSWER_INVALID)$/ });
});

test("an answer from another cloud says which option to change", async () => {
  const redirect = new Response(null, { status: 308, headers: { location: "https://api.eu-1.crowdstrike.com/" } });
  await expect(readUntil(world([]), start + minute, { change: () => redirect })).rejects.toMatchObject({
    code: "VENDOR_REFUSED",
    message: expect.stringContaining("region"),
  });
});

test("feeds that no session opens are asked for again, since another program may hold them", async () => {
  await expect(
    readUntil(world([]), start + minute, {
      change: (request, answer) =>
        request.url.includes("/datafeed/v1/") ? new Response("{}", { status: 401 }) : answer,
    }),
  ).rejects.toMatchObject({ code: "VENDOR_UNAVAILABLE", message: expect.stringContaining("appId") });
});

test("too many requests are waited for until the time the vendor names", () => {
  const now = Date.UTC(2026, 0, 31, 12);
  const pause = (status: number, value?: string) =>
    poll.pause?.({ status, headers: new Headers(value === undefined ? {} : { "x-ratelimit-retryafter": value }) }, now);
  expect(pause(429, String(now / 1000 + 17))).toBe(17);
  expect(pause(429, String(now / 1000 - 17))).toBe(1);
  expect(pause(429, "soon")).toBeUndefined();
  expect(pause(429)).toBeUndefined();
  expect(pause(200, String(now / 1000 + 17))).toBeUndefined();
  // By the vendor's clock, where it is shown.
  const headers = new Headers({
    "x-ratelimit-retryafter": String(now / 1000 + 17),
    date: new Date(now + 7000).toUTCString(),
  });
  expect(poll.pause?.({ status: 429, headers }, now + 3_600_000)).toBe(10);
});
