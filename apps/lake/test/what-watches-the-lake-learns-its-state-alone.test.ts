import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BodyBudget } from "../src/http/body-budget.ts";
import { Histogram } from "../src/metrics/histogram.ts";
import { prometheusText } from "../src/metrics/prometheus-text.ts";
import { residentBytes } from "../src/metrics/resident-bytes.ts";
import { Readiness } from "../src/serve/readiness.ts";
import { TestLake, account, entry } from "./test-lake.ts";

let lake: TestLake;
beforeAll(async () => {
  lake = await TestLake.start({ metrics: { host: "127.0.0.1", port: 0 } });
});
afterAll(() => lake.close());

async function text(url: string): Promise<readonly [number, string]> {
  const answer = await fetch(url);
  return [answer.status, await answer.text()];
}

test("probes need no signature, on either address; metrics are on their own alone", async () => {
  for (const url of [lake.url, lake.lake.metricsUrl!]) {
    expect(await text(`${url}/healthz`)).toEqual([200, "ok\n"]);
    await vi.waitFor(async () => expect(await text(`${url}/readyz`)).toEqual([200, "ready\n"]), 10_000);
  }
  expect((await fetch(`${lake.url}/metrics`)).status).toBe(404);
  expect((await fetch(`${lake.url}/healthz`, { method: "POST" })).status).toBe(404);
});

test("metrics count what was asked, and name nobody", async () => {
  const storeArn = await lake.store("secret-store");
  const channelArn = await lake.channel([storeArn]);
  await lake.put(channelArn, [entry("a"), { id: "b", eventData: "{" }]);
  await lake.put(channelArn, []);
  const answer = await fetch(`${lake.lake.metricsUrl!}/metrics`);
  expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const shown = await answer.text();
  for (const line of [
    'tributary_lake_requests_total{operation="PutAuditEvents",outcome="Success"} 1',
    'tributary_lake_requests_total{operation="PutAuditEvents",outcome="ValidationException"} 1',
    'tributary_lake_requests_total{operation="CreateChannel",outcome="Success"} 1',
    "tributary_lake_events_accepted_total 1",
    "tributary_lake_journal_commit_duration_seconds_count 1",
    'tributary_lake_queries{status="running"} 0',
    "tributary_lake_ready 1",
  ])
    expect(shown.split("\n")).toContain(line);
  expect(shown).toMatch(/tributary_lake_events_refused_total\{error_code="\w+"\} 1/);
  expect(shown).toMatch(/process_resident_memory_bytes\{process="primary"\} \d{7,}/);
  for (const secret of [account, "arn:", "secret-store", storeArn.split("/")[1]!, lake.admin.accessKeyId, lake.data])
    expect(shown).not.toContain(secret);
});

test("metrics count events with keys that nobody knows, and those too old for every destination, which are acknowledged", async () => {
  const count = async (name: string): Promise<number> =>
    Number(
      new RegExp(`^tributary_lake_${name} (\\d+)$`, "m").exec((await text(`${lake.lake.metricsUrl!}/metrics`))[1])?.[1],
    );
  const before = [await count("events_unknown_keys_total"), await count("events_expired_total")];
  const short = await lake.store("short-store");
  await lake.control("UpdateEventDataStore", { EventDataStore: short, RetentionPeriod: 7 });
  const Destinations = [{ Type: "EVENT_DATA_STORE", Location: short }];
  const { json: made } = await lake.control("CreateChannel", { Name: "short", Source: "Snyk", Destinations });
  const { json } = await lake.put(String(made["ChannelArn"]), [
    entry("known"),
    entry("unknown", { extra: 1, another: { b: 2 } }),
    entry("old", { eventTime: "2001-02-03T04:05:06Z" }),
    entry("old-unknown", { eventTime: "2001-02-03T04:05:06Z", extra: 1 }),
    entry("refused", { extra: 1, version: null }),
  ]);
  expect(json).toMatchObject({ failed: [{ id: "refused" }] });
  const after = [await count("events_unknown_keys_total"), await count("events_expired_total")];
  expect(after.map((now, at) => now - before[at]!)).toEqual([2, 2]);
});

test.each([
  [{}, []],
  [{ writable: false }, ["catalog"]],
  [{ verdict: "stop" as const, care: false }, ["disk", "care"]],
  [{ verdict: "throttle" as const }, []],
  [{ stopping: true, writable: false }, ["stopping"]],
])("with %o not ready: %j", async (state, names) => {
  const {
    writable = true,
    verdict = "accept",
    care = true,
    stopping = false,
  } = {
    ...(state as { writable?: boolean; verdict?: "accept"; care?: boolean; stopping?: boolean }),
  };
  const tries = vi.fn<() => Promise<boolean>>(async () => writable);
  const readiness = new Readiness({
    journal: { writable: tries, backlog: () => ({ bytes: 0, events: 0, freeBytes: 0, verdict }) },
    careAlive: () => care,
    stopping: () => stopping,
    clock: { now: () => 0, monotonic: () => 0 },
  });
  expect(await readiness.unready()).toEqual(names);
  await readiness.unready();
  expect(tries.mock.calls.length).toBeLessThanOrEqual(1);
});

test("a histogram's buckets are cumulative, and text is escaped", () => {
  const histogram = new Histogram([0.1, 1]);
  for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
  const samples = histogram.samples();
  const shown = prometheusText([
    { name: "h", type: "histogram", help: "H.", samples },
    { name: "g", type: "gauge", help: "G.", samples: [{ labels: { a: 'x"\\\n' }, value: 1 }] },
  ]);
  expect(shown).toBe(
    '# HELP h H.\n# TYPE h histogram\nh_bucket{le="0.1"} 2\nh_bucket{le="1"} 3\nh_bucket{le="+Inf"} 4\nh_sum 7.65\nh_count 4\n' +
      '# HELP g G.\n# TYPE g gauge\ng{a="x\\"\\\\\\n"} 1\n',
  );
});

test("one peer's bodies leave room for others'", () => {
  const budget = new BodyBudget(100);
  expect(budget.take("a", 25)).toBe(true);
  expect(budget.take("a", 1)).toBe(false);
  expect(budget.take("b", 25)).toBe(true);
  budget.give("a", 25);
  expect(budget.take("a", 25)).toBe(true);
  expect(budget.held).toBe(50);
});

test("forty slow bodies of nobody known take no room from a caller who is", async () => {
  const { hostname, port } = new URL(lake.url);
  const size = 8 * 1024 * 1024;
  const authorization =
    "AWS4-HMAC-SHA256 Credential=TRIBAAAAAAAAAAAAAAAA/20260101/us-east-1/cloudtrail/aws4_request, SignedHeaders=host, Signature=" +
    "0".repeat(64);
  const before = residentBytes(process.pid)!;
  const part = Buffer.alloc(size - 1);
  const sockets: Socket[] = await Promise.all(
    Array.from(
      { length: 40 },
      (_, at) =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => {
            const signed = at % 2 === 0 ? `Authorization: ${authorization}\r\n` : "";
            socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${signed}Content-Length: ${size}\r\n\r\n`);
            socket.write(part, () => resolve(socket));
          });
          socket.on("error", reject);
        }),
    ),
  );
  try {
    expect((await lake.control("ListChannels", "x".repeat(size))).status).not.toBe(503);
    expect(residentBytes(process.pid)! - before).toBeLessThan(300 * 1024 ** 2);
    // Complete, it is answered like any request of an unknown key.
    const answered = new Promise<string>(
      (resolve) => void sockets[0]!.once("data", (data: Buffer) => resolve(data.toString())),
    );
    sockets[0]!.write("x");
    expect(await answered).toContain("403");
  } finally {
    for (const socket of sockets) socket.destroy();
  }
});
