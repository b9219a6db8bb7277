import { hash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { start, tributary } from "./support/command.ts";
import { forwardTo } from "./support/forward-to.ts";
import { accept, scriptedServer, type ScriptedServer } from "./support/scripted-server.ts";
import { lines, scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 60_000 });

let server: ScriptedServer;
beforeAll(async () => void (server = await scriptedServer()));
afterAll(() => server.close());

const count = 10_000;
const content = lines(count, (n) => ({ id: undefined, what: n % 3 === 0 ? "same" : `w${n}`, text: "t".repeat(200) }));

test("SIGKILL again and again, at any moment: the next run goes on with the same ids and bytes, and nothing is lost", async () => {
  using place = scene();
  const file = place.write("in.jsonl", content);
  const argv = forwardTo(place, server.endpoint, "--json", file);
  // The whole by an undisturbed run elsewhere.
  using other = scene();
  const undisturbed = await tributary(forwardTo(other, server.endpoint, "--json", file));
  expect(JSON.parse(undisturbed.stdout)).toMatchObject({ read: count, delivered: count, balanced: true });
  const whole = new Map([...server.stored].map(([id, copies]) => [id, hash("sha256", copies[0]!)]));
  expect(whole.size).toBe(count);
  server.stored.clear();

  const random = seededRandom(Number(process.env["SEED"] ?? 7));
  let counted = 0;
  for (let round = 0; round < 40 && counted < 6; round++) {
    const requests = server.requests.length;
    const goal = 1 + Math.floor(random() * 25);
    const { child, ended } = start(argv);
    while (child.exitCode === null && server.requests.length - requests < goal) await wait(1);
    child.kill("SIGKILL");
    if ((await ended).signal === "SIGKILL") counted++;
  }
  // What was killed holds no lock and needs no help.
  const last = await tributary(argv);
  expect(last).toMatchObject({ code: 0, stderr: "" });
  expect(JSON.parse(last.stdout)).toMatchObject({ queued: 0, dead: 0, changed: 0, balanced: true });
  expect(counted).toBeGreaterThanOrEqual(3);
  expect(server.stored.size).toBe(count);
  let again = 0;
  for (const [id, copies] of server.stored) {
    again += copies.length - 1;
    for (const copy of copies) expect(hash("sha256", copy)).toBe(whole.get(id));
  }
  console.log(`${counted} kills; ${again} of ${count} events were sent more than once, with the same id and bytes`);
  const database = new DatabaseSync(place.statePath, { readOnly: true });
  expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
  expect(database.prepare("SELECT count(*) AS n FROM sent").get()).toEqual({ n: count });
  database.close();
}, 120_000);

test("a second forwarder on the same state refuses; after kill -9 of the first, the next one may", async () => {
  using place = scene();
  const argv = forwardTo(place, server.endpoint);
  server.script = (_request, _response) => undefined; // the first one waits for its answer
  const file = place.write("in.jsonl", lines(3));
  const requests = server.requests.length;
  const first = start([...argv, file]);
  while (server.requests.length === requests) await wait(5);
  const second = await tributary([...argv, file]);
  expect(second.code).toBe(5);
  expect(second.stderr).toContain("Another forwarder");
  first.child.kill("SIGKILL");
  await first.ended;
  server.script = accept;
  expect((await tributary([...argv, file])).code).toBe(0);
}, 60_000);

test("SIGTERM stops the intake and keeps the rest queued; run again, it ends", async () => {
  using place = scene();
  const argv = forwardTo(place, server.endpoint, "--json");
  const file = place.write("in.jsonl", content);
  server.script = (request, response) => void setTimeout(() => accept.call(server, request, response), 20);
  const requests = server.requests.length;
  const { child, ended } = start([...argv, file]);
  while (server.requests.length - requests < 10) await wait(2);
  child.kill("SIGTERM");
  const { code, stdout } = await ended;
  expect(code).toBe(3);
  const summary: { delivered: number } = JSON.parse(stdout);
  expect(summary).toMatchObject({ balanced: true, stopped: { kind: "interrupted" } });
  server.script = accept;
  const rest = await tributary([...argv, file]);
  expect(rest.code).toBe(0);
  const { delivered }: { delivered: number } = JSON.parse(rest.stdout);
  expect(delivered + summary.delivered).toBe(count);
}, 60_000);
