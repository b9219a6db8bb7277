import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { readNotice } from "../src/objects/read-notice.ts";
import { tributary } from "./support/command.ts";
import { objectServer, type ObjectServer } from "./support/object-server.ts";
import { config, run, toy, until } from "./support/running.ts";
import { accept, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { lines, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
let s3: ObjectServer;
beforeAll(async () => {
  lake = await scriptedServer();
  s3 = await objectServer();
});
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
  s3.script = () => false;
  s3.objects.clear();
  s3.messages.length = 0;
  s3.requests.length = 0;
  s3.pageSize = 1000;
});
afterAll(async () => {
  await lake.close();
  await s3.close();
});

const at = (from: number, count: number) => lines(count, (n) => ({ id: `o-${from + n}` }));
const byQueue = () => `    s3: {queue: "${s3.queueUrl}", endpoint: "${s3.url}", region: us-east-1}`;
const byListing = (more = "") => `    s3: {bucket: logs, prefix: "a/", endpoint: "${s3.url}", pollSeconds: 5${more}}`;
const once = () => [...lake.stored.values()].every((copies) => copies.length === 1);

const event = (name: string, object: object) => ({
  Records: [{ eventName: name, s3: { bucket: { name: "b" }, object } }],
});

test("every form of a notice is read, keys as they are encoded; a test event and a deletion are nothing, the rest is unknown", () => {
  const put = event("ObjectCreated:Put", { key: "a+b/%C3%A9%2B.gz", eTag: "e", versionId: "v" });
  const named = { kind: "objects", objects: [{ bucket: "b", key: "a b/é+.gz", etag: "e", versionId: "v" }] };
  expect(readNotice(JSON.stringify(put))).toEqual(named);
  expect(readNotice(JSON.stringify({ Type: "Notification", Message: JSON.stringify(put) }))).toEqual(named);
  const bridge = {
    source: "aws.s3",
    "detail-type": "Object Created",
    detail: { bucket: { name: "b" }, object: { key: "a b/é+.gz", etag: "e", "version-id": "v" } },
  };
  expect(readNotice(JSON.stringify(bridge))).toEqual(named);
  const replicator = {
    cid: "c",
    timestamp: 1,
    fileCount: 1,
    bucket: "b",
    pathPrefix: "data/x",
    files: [{ path: "data/x/part-0.gz", size: 1 }],
  };
  expect(readNotice(JSON.stringify(replicator))).toEqual({
    kind: "objects",
    objects: [{ bucket: "b", key: "data/x/part-0.gz" }],
  });
  for (const nothing of [
    { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "b" },
    event("ObjectRemoved:Delete", { key: "a" }),
    { source: "aws.s3", "detail-type": "Object Deleted" },
  ])
    expect(readNotice(JSON.stringify(nothing))).toEqual({ kind: "nothing" });
  for (const other of [
    "",
    "[]",
    "7",
    "{}",
    '{"Records":[{}]}',
    '{"Records":[{"eventName":"ObjectCreated:Put"}]}',
    JSON.stringify(event("ObjectCreated:Put", { key: "%E0%A4%A" })),
    '{"bucket":"b","files":[{}]}',
  ])
    expect(readNotice(other)).toMatchObject({ kind: "unknown" });
});

test("a queue's objects are delivered, plain and compressed, and only then are messages deleted", async () => {
  using place = scene();
  s3.put("logs", "plain.jsonl", at(0, 10));
  s3.put("logs", "a b/é+c.gz", gzipSync(at(100, 1500)));
  s3.put("logs", "z.zst", zstdCompressSync(at(5000, 5)));
  s3.put("logs", "page.json", JSON.stringify({ events: [{ at: "2026-01-01T00:00:00Z", what: "Page", id: "p" }] }));
  s3.send(s3.event("logs", "plain.jsonl"));
  s3.send({ Type: "Notification", Message: JSON.stringify(s3.event("logs", "a b/é+c.gz")) });
  s3.send(s3.event("logs", "z.zst"));
  // The same object once more.
  s3.send(s3.event("logs", "z.zst"));
  s3.send({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "logs" });
  const order: string[] = [];
  s3.script = (request) => {
    if (request === "SQS DeleteMessageBatch") order.push(`${lake.stored.size}`);
    return false;
  };
  const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue()))));
  await until(() => s3.messages.length === 0 && lake.stored.size === 1515);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(order.length).toBe(5);
  expect(once()).toBe(true);
  expect(s3.requests.filter((request) => request.startsWith("GET")).length).toBeLessThanOrEqual(4);
  const status = await tributary(["status", "--json", "--state", place.statePath]);
  expect(JSON.parse(status.stdout)).toMatchObject({ counts: { read: 1515, delivered: 1515 } });
});

test("a message that is no notice is a dead letter with its bytes; an object that is gone holds up nothing", async () => {
  using place = scene();
  s3.put("logs", "gone.jsonl", at(0, 1));
  s3.send(s3.event("logs", "gone.jsonl"));
  s3.objects.clear();
  s3.send("not a notice");
  s3.put("logs", "here.jsonl", at(10, 3));
  s3.send(s3.event("logs", "here.jsonl"));
  const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue()))));
  await until(() => s3.messages.length === 0 && lake.stored.size === 3);
  const metrics = await running.text("/metrics");
  expect(metrics).toContain('tributary_queue_messages_unknown_total{integration="a"} 1\n');
  expect(metrics).toContain('tributary_objects_total{integration="a",outcome="gone"} 1\n');
  running.kill("SIGTERM");
  await running.ended;
  expect(running.lines.some(({ code }) => code === "NOTICE_UNKNOWN")).toBe(true);
  const shown = await tributary(["dlq", "show", "1", "--reveal", "--state", place.statePath]);
  expect(shown.stdout).toContain("not a notice");
});

test("an object that may not be read comes again; one of an unknown format is set aside, and read after a new start that can", async () => {
  using place = scene();
  s3.put("logs", "secret.jsonl", at(0, 2));
  s3.put("logs", "odd.bin", "what is this?\n".repeat(10));
  s3.send(s3.event("logs", "secret.jsonl"));
  s3.send(s3.event("logs", "odd.bin"));
  let denied = 0;
  s3.script = (request, response) => {
    if (!request.startsWith("GET logs/secret") || denied > 0) return false;
    denied++;
    response.writeHead(403, { "content-type": "application/xml" });
    response.end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
    return true;
  };
  const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue()))));
  await until(() => s3.messages.length === 1 && denied === 1 && s3.messages[0]!.hiddenUntil > Date.now());
  // Its time comes.
  s3.messages[0]!.hiddenUntil = 0;
  await until(() => s3.messages.length === 0 && lake.stored.size === 2);
  expect(await running.text("/metrics")).toContain('tributary_objects_set_aside{integration="a"} 1\n');
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  // Somebody put the right thing there.
  s3.put("logs", "odd.bin", at(50, 4));
  const again = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue()))));
  await until(() => lake.stored.size === 6);
  again.kill("SIGTERM");
  expect(await again.ended).toMatchObject({ code: 0 });
});

test("a connection that breaks within an object is taken up where it broke", async () => {
  using place = scene();
  const object = s3.put("logs", "long.jsonl", at(0, 3000));
  s3.send(s3.event("logs", "long.jsonl"));
  let broken = 0;
  s3.script = (request, response) => {
    if (request !== "GET logs/long.jsonl" && !(request.startsWith("GET logs/long.jsonl bytes") && broken < 3))
      return false;
    const from = Number(/bytes=(\d+)/.exec(request)?.[1] ?? 0);
    broken++;
    const rest = object.bytes.subarray(from);
    response.writeHead(from === 0 ? 200 : 206, { etag: `"${object.etag}"`, "content-length": rest.length });
    response.write(rest.subarray(0, 50_000), () => response.destroy());
    return true;
  };
  const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue()))));
  await until(() => lake.stored.size === 3000 && s3.messages.length === 0);
  running.kill("SIGTERM");
  await running.ended;
  expect(broken).toBe(3);
  expect(once()).toBe(true);
});

test("SIGKILL while objects are read: the messages come again, every record comes, and none twice that was committed", async () => {
  using place = scene();
  for (let n = 0; n < 30; n++) {
    s3.put("logs", `k/${n}.jsonl`, at(n * 1000, 400));
    s3.send(s3.event("logs", `k/${n}.jsonl`));
  }
  const file = place.write("tributary.yaml", config(toy("a", lake.endpoint, byQueue())));
  for (const goal of [5, 12, 20]) {
    const running = run(place, file);
    await until(() => s3.requests.filter((one) => one.startsWith("GET")).length >= goal);
    running.kill("SIGKILL");
    await running.ended;
    // The time of what the dead process held is over.
    for (const message of s3.messages) message.hiddenUntil = 0;
  }
  const last = run(place, file);
  await until(() => s3.messages.length === 0 && lake.stored.size === 12_000);
  last.kill("SIGTERM");
  expect(await last.ended).toMatchObject({ code: 0 });
  const status = await tributary(["status", "--json", "--state", place.statePath]);
  // Records and the place in the object are one transaction: nothing is read a second time.
  expect(JSON.parse(status.stdout)).toMatchObject({ counts: { read: 12_000 } });
});

test("a bucket is listed, page by page, from where a killed process was; what comes later under an earlier key is found", async () => {
  using place = scene();
  s3.pageSize = 4;
  for (let n = 0; n < 10; n++) s3.put("logs", `a/2026/01/${n}.jsonl`, at(n * 10, 10));
  s3.put("logs", "b/other.jsonl", at(9000, 1));
  s3.put("logs", "a/folder/", "");
  const file = place.write("tributary.yaml", config(toy("a", lake.endpoint, byListing())));
  const first = run(place, file);
  await until(() => s3.requests.filter((one) => one.startsWith("GET")).length >= 3);
  first.kill("SIGKILL");
  await first.ended;
  const running = run(place, file);
  await until(() => lake.stored.size === 100);
  // Behind the greatest key, and under an earlier one; an object that was written anew.
  s3.put("logs", "a/2026/02/0.jsonl", at(500, 5));
  s3.put("logs", "a/2025/12/0.jsonl", at(600, 5));
  s3.put("logs", "a/2026/01/3.jsonl", at(30, 10) + at(700, 2));
  await until(() => lake.stored.size === 112);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(lake.stored.has("o-9000")).toBe(false);
  expect(once()).toBe(true);
});

test("a bucket that may not be listed parks that source with its reason, and it goes on by itself", async () => {
  using place = scene();
  let isDenied = true;
  s3.script = (request, response) => {
    if (!request.startsWith("LIST") || !isDenied) return false;
    response.writeHead(403, { "content-type": "application/xml" });
    response.end("<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
    return true;
  };
  s3.put("logs", "a/1.jsonl", at(0, 2));
  s3.put("logs", "a/0.jsonl", at(10, 2), Date.UTC(2020, 0, 1));
  const since = ', since: "2026-01-01T00:00:00Z"';
  const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, byListing(since)))));
  await running.line(({ message, code }) => message.startsWith("s3 is parked") && code === "OBJECT_FORBIDDEN");
  isDenied = false;
  await until(() => lake.stored.size === 2);
  await running.line(({ message }) => message === "s3 goes on");
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect([...lake.stored.keys()].toSorted()).toEqual(["o-0", "o-1"]);
});
