import type { Json, Page } from "@tributary/adapter-kit";
import { pollFetch, readOptions, secretFrom } from "@tributary/adapter-kit/poll";
import { mapFile, VirtualClock } from "@tributary/adapter-kit/suite";
import type { HeldRecord, VendorWorld } from "@tributary/adapter-kit/suite";
import { expect, test } from "vitest";
import { netskope } from "../src/index.ts";
import { poll } from "../src/poll.ts";
import { netskopeApi, tenant, token } from "./netskope-api.ts";
import type { NetskopeQuirks } from "./netskope-api.ts";

const start = Date.UTC(2026, 0, 31, 12);
const since = "2026-01-31T12:00:00Z";
const epoch = start / 1000;

const auditRecord = (n: number, at: number): HeldRecord => ({
  n,
  at,
  shownAt: at,
  record: {
    _id: `id${n}`,
    timestamp: Math.floor(at / 1000),
    type: "admin_audit_logs",
    audit_log_event: "Logout Successful",
  },
});

function world(records: readonly HeldRecord[]) {
  const clock = new VirtualClock(start);
  const shown: VendorWorld = { now: clock.now, visible: () => records.filter(({ shownAt }) => shownAt <= clock.now()) };
  return { clock, shown };
}

interface Read {
  readonly pages: readonly Page[];
  readonly ids: readonly string[];
  readonly asked: readonly string[];
}

/** Reads so many pages as the kit's host does, waits kept. `network` may lose requests and answers. */
async function read(
  { clock, shown }: ReturnType<typeof world>,
  count: number,
  given: {
    readonly cursor?: Json | undefined;
    readonly endpoints?: readonly string[];
    readonly quirks?: NetskopeQuirks;
    readonly network?: (request: Request, reach: () => Promise<Response>) => Promise<Response>;
    readonly vendor?: ReturnType<typeof netskopeApi>;
  } = {},
): Promise<Read> {
  const asked: string[] = [];
  const vendor = given.vendor ?? netskopeApi(shown, { ...given.quirks, onRequest: (what) => asked.push(what) });
  const life = new AbortController();
  const options = readOptions(poll.options, {
    tenant,
    token: secretFrom(token),
    ...(given.endpoints !== undefined && { endpoints: given.endpoints }),
  });
  const pages: Page[] = [];
  const generator = poll.pages(given.cursor, {
    options,
    since,
    now: clock.now,
    signal: life.signal,
    fetch: pollFetch({
      network: (request) => given.network?.(request, () => vendor.fetch(request)) ?? vendor.fetch(request),
      clock,
      random: () => 0.5,
      requestsPerMinute: poll.requestsPerMinute,
      pause: poll.pause,
      signal: life.signal,
    }),
  });
  while (pages.length < count) {
    const next = await generator.next();
    if (next.done === true) break;
    pages.push(next.value);
    await clock.sleep((next.value.waitSeconds ?? 0) * 1000);
  }
  await generator.return();
  const ids = pages.flatMap(({ body, format }) =>
    mapFile(netskope, format, body, {
      accountId: "111122223333",
      origin: { receivedAt: since, occurrence: 0 },
    }).flatMap(({ results }) =>
      results.map((result) => (result.kind === "event" ? result.id : JSON.stringify(result))),
    ),
  );
  return { pages, ids, asked };
}

const three = [auditRecord(0, start - 1000), auditRecord(1, start), auditRecord(2, start)];

test("a first run sets the iterator to where it starts, then asks for the next page after each", async () => {
  const { ids, asked, pages } = await read(world(three), 3, { quirks: { pageSize: 1 } });
  expect(ids).toEqual(["id1", "id2"]);
  expect(asked).toEqual([`events/audit ${epoch}`, "events/audit next", "events/audit next"]);
  expect(pages.map(({ waitSeconds }) => waitSeconds)).toEqual([0, 30, 30]);
  expect(pages[1]?.cursor).toEqual({ v: 1, streams: { "events/audit": { hwm: epoch } } });
});

test("a restart asks for the last page again, since it may not have been committed", async () => {
  const place = world(three);
  const vendor = netskopeApi(place.shown, { pageSize: 1 });
  const first = await read(place, 1, { vendor });
  expect(first.ids).toEqual(["id1"]);
  // The second page reached the process, which died.
  await read(place, 2, { vendor, cursor: first.pages[0]?.cursor });
  const again = await read(place, 2, { vendor, cursor: first.pages[0]?.cursor });
  expect(again.ids).toEqual(["id2"]);
});

test.each([
  ["the answer", true],
  ["the request", false],
])("when %s to next is lost, the iterator is not moved twice", async (_what, arrives) => {
  let lost = 0;
  const { ids, asked } = await read(world(three), 4, {
    quirks: { pageSize: 1 },
    network: async (request, reach) => {
      if (!request.url.includes("operation=next") || lost > 0) return reach();
      lost += 1;
      if (arrives) await reach();
      throw new TypeError("fetch failed");
    },
  });
  expect([...new Set(ids)]).toEqual(["id1", "id2"]);
  expect(asked.slice(0, 3)).toEqual(
    arrives
      ? [`events/audit ${epoch}`, "events/audit next", "events/audit resend"]
      : [`events/audit ${epoch}`, "events/audit resend", "events/audit next"],
  );
});

test("each endpoint is asked when its own wait is over", async () => {
  const other: HeldRecord = {
    n: 9,
    at: start + 40_000,
    shownAt: start + 40_000,
    record: { _id: "id9", timestamp: epoch + 40, type: "nspolicy", activity: "Upload" },
  };
  const { ids, asked, pages } = await read(world([...three, other]), 7, {
    endpoints: ["events/audit", "events/application"],
    quirks: { pageSize: 1 },
  });
  expect(ids).toEqual(["id1", "id2", "id9"]);
  expect(asked.filter((what) => what.startsWith("events/application"))).toHaveLength(3);
  expect(pages.every(({ waitSeconds }) => waitSeconds !== undefined && waitSeconds <= 30)).toBe(true);
});

test("an iterator that Netskope no longer knows starts an hour before the last known time: repeated, not skipped", async () => {
  const cursor = { v: 1, streams: { "events/audit": { hwm: epoch + 7200 } } };
  let refused = 0;
  const { asked } = await read(world(three), 1, {
    cursor,
    network: async (_request, reach) => {
      refused += 1;
      return refused === 1 ? new Response("{}", { status: 404 }) : reach();
    },
  });
  expect(asked).toEqual([`events/audit ${epoch + 3600}`]);
  const unknown = await read(world(three), 1, {
    cursor: { v: 1, streams: { "events/audit": {} } },
    network: (request, reach) =>
      request.url.includes("resend") ? Promise.resolve(new Response("{}", { status: 400 })) : reach(),
  });
  expect(unknown.asked).toEqual([`events/audit ${epoch}`]);
});

test("an answer that is not ok is waited for, and the last page asked for again", async () => {
  let answers = 0;
  const { asked, pages, ids } = await read(world(three), 4, {
    quirks: { pageSize: 1 },
    network: async (_request, reach) => {
      answers += 1;
      const given = await reach();
      return answers === 2 ? new Response('{"ok":0,"wait_time":45}') : given;
    },
  });
  expect(pages[1]).toMatchObject({ body: new Uint8Array(), waitSeconds: 45 });
  expect(asked.slice(0, 3)).toEqual([`events/audit ${epoch}`, "events/audit next", "events/audit resend"]);
  expect(ids).toEqual(["id1", "id2"]);
});

test("no content is nothing to read", async () => {
  const { pages } = await read(world(three), 1, {
    network: () => Promise.resolve(new Response(null, { status: 204 })),
  });
  expect(pages[0]).toMatchObject({ body: new Uint8Array(), waitSeconds: 30 });
});

test("an endpoint that the tenant has not bought is named, with what to do", async () => {
  await expect(
    read(world([]), 1, { endpoints: ["alerts/dlp"], quirks: { unlicensed: ["alerts/dlp"] } }),
  ).rejects.toMatchObject({
    code: "VENDOR_REFUSED",
    message:
      "Netskope refused alerts/dlp of example.goskope.com with HTTP 403: the tenant has no licence for it; take the endpoint out of the options.",
  });
});

test.each([
  [401, "VENDOR_REFUSED"],
  [403, "VENDOR_REFUSED"],
  [302, "VENDOR_REFUSED"],
  [400, "VENDOR_UNAVAILABLE"],
  [418, "VENDOR_UNAVAILABLE"],
])("HTTP %i is %s", async (status, code) => {
  await expect(
    read(world([]), 1, { network: () => Promise.resolve(new Response(null, { status })) }),
  ).rejects.toMatchObject({ code });
});

const pause = (code: number, headers: Record<string, string>) =>
  poll.pause?.({ status: code, headers: new Headers(headers) }, start);

test("too many requests are waited for as long as the headers say", () => {
  expect(pause(429, { "ratelimit-reset": "7" })).toBe(7);
  expect(pause(429, { "ratelimit-reset": "7", "retry-after": "3" })).toBeUndefined();
  expect(pause(429, {})).toBeUndefined();
  expect(pause(200, { "ratelimit-reset": "7", "ratelimit-remaining": "0" })).toBeUndefined();
});

const ofIndex = (index: string) => readOptions(poll.options, { tenant, token: secretFrom(token), index });

test("an iterator is one poller's", () => {
  expect(poll.exclusive(ofIndex("a"))).not.toBe(poll.exclusive(ofIndex("b")));
});

const status = (n: number, at: number): HeldRecord => ({
  n,
  at,
  shownAt: at,
  record: {
    _id: `id${n}`,
    timestamp: Math.floor(at / 1000),
    type: "clientstatus",
    user: "a@example.com",
    event: "Tunnel Up",
  },
});
const clientStatus = { endpoints: ["events/clientstatus"] };

test("client status events have an iterator that is created, waited for, and read as CSV under the name it got", async () => {
  const { ids, asked, pages } = await read(world([status(1, start), status(2, start), status(3, start + 60_000)]), 9, {
    ...clientStatus,
    quirks: { pageSize: 2 },
  });
  expect(ids).toEqual(["id1", "id2", "id3"]);
  expect(asked.slice(0, 6)).toEqual([
    "iterator/tributary GET",
    "iterator/tributary POST",
    "iterator/tributary_7 GET",
    "iterator/tributary_7 GET",
    "iterator/tributary_7 GET",
    "iterator/tributary_7/events next",
  ]);
  expect(pages[0]?.cursor).toEqual({ v: 1, streams: { "events/clientstatus": { name: "tributary_7" } } });
});

test("a restart of client status events asks for the last page again", async () => {
  const place = world([status(1, start), status(2, start)]);
  const vendor = netskopeApi(place.shown, { pageSize: 1 });
  const first = await read(place, 5, { ...clientStatus, vendor });
  const again = await read(place, 2, { ...clientStatus, vendor, cursor: first.pages.at(-1)?.cursor });
  expect([...new Set([...first.ids, ...again.ids])]).toEqual(["id1", "id2"]);
  expect(again.ids[0]).toBe(first.ids.at(-1));
});

test("a tenant whose one iterator of client status events is another's says so", async () => {
  const place = world([]);
  const vendor = netskopeApi(place.shown);
  await vendor.fetch(
    new Request(`https://${tenant}/api/v2/events/dataexport/iterator/other?eventtype=clientstatus`, {
      method: "POST",
      headers: { "netskope-api-token": token },
    }),
  );
  await expect(read(place, 3, { ...clientStatus, vendor })).rejects.toMatchObject({
    code: "VENDOR_REFUSED",
    message: expect.stringContaining("Delete the one there is"),
  });
});

test.each([
  ['{"status":"Failed"}', "VENDOR_REFUSED"],
  ['{"status":""}', "VENDOR_ANSWER_INVALID"],
  ["<html></html>", "VENDOR_ANSWER_INVALID"],
])("the status %s of a client status iterator is named", async (body, code) => {
  await expect(
    read(world([]), 1, { ...clientStatus, network: () => Promise.resolve(new Response(body)) }),
  ).rejects.toMatchObject({ code });
});

test("a page of a proxy is no CSV", async () => {
  const place = world([status(1, start)]);
  await expect(
    read(place, 9, {
      ...clientStatus,
      network: (request, reach) =>
        request.url.includes("/events?") ? Promise.resolve(new Response("<html>Sign in</html>")) : reach(),
    }),
  ).rejects.toMatchObject({ code: "VENDOR_ANSWER_INVALID" });
});
