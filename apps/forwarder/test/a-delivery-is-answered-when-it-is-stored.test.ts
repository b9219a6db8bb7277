import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { canary, config, run, type Running, toy, until } from "./support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { scene, type Scene } from "./support/scene.ts";
import { storedRecords } from "./support/stored-records.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
beforeAll(async () => void (lake = await scriptedServer()));
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(() => lake.close());

const hook = "    webhook: {path: /hooks/toy, options: {secrets: [{env: OLD}, {env: TOKEN}]}}";
const started = (place: Scene, limits?: string): Running =>
  run(place, place.write("tributary.yaml", config(toy("toy", lake.endpoint, hook), limits)), { OLD: "another-secret" });
const record = (id: string) => `${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id })}\n`;
const sign = (body: string, secret = canary) => createHmac("sha256", secret).update(body).digest("hex");

async function deliver(url: string, body: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(`${url}/hooks/toy`, {
    method: "POST",
    body,
    headers: { "x-toy-signature": sign(body), ...headers },
  });
  await response.text();
  return response.status;
}

test("a proven delivery is stored and delivered; a wrong, missing or foreign signature is refused and nothing is kept", async () => {
  using place = scene();
  const running = started(place);
  const url = await running.url();
  expect(await deliver(url, record("a"), { "x-toy-signature": sign(record("b")) })).toBe(401);
  expect(await deliver(url, record("a"), { "x-toy-signature": sign(record("a"), "guessed") })).toBe(401);
  expect(await deliver(url, record("a"), { "x-toy-signature": "" })).toBe(401);
  expect(await storedRecords(place)).toBe(0);
  expect(await deliver(url, record("a"))).toBe(200);
  expect(await deliver(url, record("b"), { "x-toy-signature": sign(record("b"), "another-secret") })).toBe(200);
  const hello = await fetch(`${url}/hooks/toy`);
  expect([hello.status, await hello.text()]).toEqual([200, "hello"]);
  expect((await fetch(`${url}/hooks/other`, { method: "POST" })).status).toBe(404);
  await until(() => lake.stored.size === 2);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("a delivery that comes again is answered and not stored twice, also at once, and after a new start", async () => {
  using place = scene();
  const headers = { "x-toy-delivery": "delivery-1" };
  const running = started(place);
  const url = await running.url();
  const together = await Promise.all(Array.from({ length: 5 }, () => deliver(url, record("a"), headers)));
  expect(together).toEqual([200, 200, 200, 200, 200]);
  await until(() => lake.stored.size === 1);
  running.kill("SIGKILL");
  await running.ended;
  const again = started(place);
  expect(await deliver(await again.url(), record("a"), headers)).toBe(200);
  expect(await storedRecords(place)).toBe(1);
  expect(await again.text("/metrics")).toContain('webhook_deliveries_total{integration="toy",outcome="replayed"} 1\n');
  again.kill("SIGTERM");
  await again.ended;
  // A kill between the lake's answer and its settlement sends it once more: the same bytes.
  expect(new Set(lake.stored.get("a")).size).toBe(1);
});

test("SIGKILL while deliveries come: whatever was answered 200 is delivered after the next start", async () => {
  using place = scene();
  const random = seededRandom(Number(process.env["SEED"] ?? 5));
  const answered = new Set<string>();
  let kills = 0;
  for (let round = 0; round < 6; round++) {
    const running = started(place);
    const url = await running.url();
    const goal = answered.size + 1 + Math.floor(random() * 60);
    let dead = false;
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; !dead; n++) {
        const id = `r${round}-${sender}-${n}`;
        if ((await deliver(url, record(id)).catch(() => 0)) === 200) answered.add(id);
        if (answered.size >= goal && !dead) {
          dead = true;
          running.kill("SIGKILL");
        }
      }
    });
    await Promise.all(senders);
    if ((await running.ended).signal === "SIGKILL") kills++;
  }
  expect(kills).toBe(6);
  const last = started(place);
  await last.url();
  await until(() => [...answered].every((id) => lake.stored.has(id)));
  last.kill("SIGTERM");
  expect(await last.ended).toMatchObject({ code: 0 });
  for (const copies of lake.stored.values()) expect(new Set(copies).size).toBe(1);
  console.log(`${kills} kills, ${answered.size} deliveries answered, ${lake.stored.size} delivered`);
});

test("above the watermark a push is answered 429 with Retry-After before its body is read; below it, taken again", async () => {
  using place = scene();
  let stopped = true;
  lake.script = (request, response) =>
    stopped ? refuse(response, 403, "ChannelInsufficientPermission") : accept.call(lake, request, response);
  const running = started(place, "queuedEvents: 1000, parkSeconds: 1");
  const url = await running.url();
  const many = Array.from({ length: 1000 }, (_, n) => record(`m-${n}`)).join("");
  expect(await deliver(url, many)).toBe(200);
  const refused = await fetch(`${url}/hooks/toy`, { method: "POST", body: "x" });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "30"]);
  stopped = false;
  await until(() => lake.stored.size === 1000);
  await until(async () => (await deliver(url, record("later"))) === 200);
  await until(() => lake.stored.has("later"));
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("a body over the limit is not read: told by its length, or cut off where it passes it", async () => {
  using place = scene();
  const running = started(place, "bodyBytes: 2048");
  const url = await running.url();
  const long = record("x".repeat(3000));
  expect(await deliver(url, long)).toBe(413);
  const status = await new Promise<number | undefined>((resolve) => {
    const request = httpRequest(`${url}/hooks/toy`, { method: "POST" }, (response) => resolve(response.statusCode));
    request.on("error", () => resolve(undefined));
    // Without a length, and without an end.
    for (let n = 0; n < 4; n++) request.write("x".repeat(1000));
  });
  expect(status).toBe(413);
  expect(await deliver(url, record("short"))).toBe(200);
  running.kill("SIGTERM");
  await running.ended;
});

test("a state that cannot be written is answered 503, and the sender may try again", async () => {
  using place = scene();
  const running = started(place);
  const url = await running.url();
  // Another process holds the write lock for longer than SQLite waits.
  // It waits for a commit that is just being made.
  const database = new DatabaseSync(place.statePath, { timeout: 10_000 });
  database.exec("BEGIN IMMEDIATE");
  expect(await deliver(url, record("a"))).toBe(503);
  database.exec("ROLLBACK");
  database.close();
  expect(await deliver(url, record("a"))).toBe(200);
  await until(() => lake.stored.size === 1);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});
