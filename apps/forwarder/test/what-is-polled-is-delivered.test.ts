import { DatabaseSync } from "node:sqlite";
import { expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import { type FakeVendor, toyEvents } from "./support/fake-vendor.ts";
import { freshServers } from "./support/fresh-servers.ts";
import { canary, config, polls, run, toy, until } from "./support/running.ts";
import type { ScriptedServer } from "./support/scripted-server.ts";
import { scene } from "./support/scene.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
let vendor: FakeVendor;
freshServers(1, (lakes, one) => {
  [lake] = lakes as [ScriptedServer];
  vendor = one;
});
test("poll to delivered: every record of the vendor, once, with the token of the configuration", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(2500));
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const running = run(place, file);
  await until(() => lake.stored.size === 2500);
  // What the vendor shows later comes too.
  vendor.events.push(...toyEvents(7, 2500));
  await until(() => lake.stored.size === 2507);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  expect([...vendor.tokens]).toEqual([`Bearer ${canary}`]);
});

test("since is durable before the first call, and no crash moves it", async () => {
  using place = scene();
  const first = new Promise<void>((resolve) => {
    vendor.script = () => {
      resolve();
      return true;
    };
  });
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const running = run(place, file);
  await first;
  running.kill("SIGKILL");
  await running.ended;
  vendor.script = () => false;
  vendor.events.push(...toyEvents(1));
  const again = run(place, file);
  await until(() => lake.stored.size === 1);
  again.kill("SIGTERM");
  await again.ended;
  const since = new Set(vendor.requests.map((path) => new URL(path, vendor.url).searchParams.get("since")));
  expect(since.size).toBe(1);
});

test("SIGKILL at any moment and a new start, again and again: all delivered, none lost, none twice by its id and other bytes", async () => {
  using place = scene();
  const count = 6000;
  vendor.events.push(...toyEvents(count));
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const random = seededRandom(Number(process.env["SEED"] ?? 11));
  let kills = 0;
  for (let round = 0; round < 12 && lake.stored.size < count; round++) {
    const [asked, sent] = [vendor.requests.length, lake.requests.length];
    const goal = 1 + Math.floor(random() * 12);
    const running = run(place, file);
    // At a request of either side: with a page unanswered or uncommitted, or a batch unanswered.
    await until(() => vendor.requests.length - asked + lake.requests.length - sent >= goal);
    running.kill("SIGKILL");
    expect((await running.ended).signal).toBe("SIGKILL");
    kills++;
  }
  const last = run(place, file);
  await until(() => lake.stored.size === count);
  last.kill("SIGTERM");
  expect(await last.ended).toMatchObject({ code: 0 });
  expect(kills).toBeGreaterThanOrEqual(5);
  expect([...lake.stored.keys()].toSorted()).toEqual(
    vendor.events.map((event) => (event as { id: string }).id).toSorted(),
  );
  let again = 0;
  for (const copies of lake.stored.values()) {
    expect(new Set(copies).size).toBe(1);
    again += copies.length - 1;
  }
  console.log(`${kills} kills; ${again} sends of ${count} events were repeats, with the same id and bytes`);
  const database = new DatabaseSync(place.statePath, { readOnly: true });
  expect(database.prepare("SELECT count(*) AS n FROM sent").get()).toEqual({ n: count });
  expect(database.prepare("SELECT count(*) AS n FROM chunk WHERE open <> 0").get()).toEqual({ n: 0 });
  database.close();
});

test("equal records without an id are told apart by their place in a page, and a page that comes again gives the same ids", async () => {
  using place = scene();
  const same = { at: "2026-01-01T00:00:00Z", what: "Same" };
  vendor.events.push(same, same, same);
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const running = run(place, file);
  await until(() => lake.stored.size === 3);
  running.kill("SIGTERM");
  await running.ended;
  // The same page once more, to a poller that has lost its cursor.
  const database = new DatabaseSync(place.statePath);
  database.exec("DELETE FROM polled");
  database.close();
  const again = run(place, file);
  await until(() => vendor.requests.length > 4);
  again.kill("SIGTERM");
  await again.ended;
  expect(lake.stored.size).toBe(3);
  expect([...lake.stored.values()].map((copies) => copies.length)).toEqual([1, 1, 1]);
});
