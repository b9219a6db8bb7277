import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { start, tributary } from "./support/command.ts";
import { type FakeVendor, toyEvents } from "./support/fake-vendor.ts";
import { freshServers } from "./support/fresh-servers.ts";
import { canary, config, polls, run, toy, until } from "./support/running.ts";
import { scene, type Scene } from "./support/scene.ts";
import { accept, refuse, type ScriptedServer } from "./support/scripted-server.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
let vendor: FakeVendor;
freshServers(1, (lakes, one) => {
  [lake] = lakes as [ScriptedServer];
  vendor = one;
});
const configured = (place: Scene, sources = polls(vendor.url)): string =>
  place.write("tributary.yaml", config(toy("toy", lake.endpoint, sources)));
const argvOf = (place: Scene, file: string, ...more: readonly string[]) => [
  "backfill",
  ...more,
  "--config",
  file,
  "--state",
  place.statePath,
  "--client",
  "built-in",
];
const env = { TOKEN: canary };
const backfill = (place: Scene, file: string, ...more: readonly string[]) =>
  tributary(argvOf(place, file, ...more), { env });
const since = ["--integration", "toy", "--since", "2026-01-01"];
const lines = (count: number, from = 0): string =>
  toyEvents(count, from)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join("");
const cursorOf = (place: Scene): unknown => {
  const database = place.database();
  const row = database.prepare("SELECT cursor FROM polled").get();
  database.close();
  return row?.["cursor"];
};
const sums = async (place: Scene) => {
  const { stdout, code } = await tributary(["ledger", "--sum", "--json", "--state", place.statePath]);
  expect(code).toBe(0);
  return JSON.parse(stdout) as object;
};

test("without a forwarder the command does it: all of the past, what was delivered is not sent again, the live cursor stays", async () => {
  using place = scene();
  const file = configured(place);
  vendor.events.push(...toyEvents(250));
  const live = run(place, file);
  await until(() => lake.stored.size === 250);
  live.kill("SIGTERM");
  await live.ended;
  const cursor = cursorOf(place);
  // The vendor shows what it did not show at first.
  vendor.events.unshift(...toyEvents(120, 1000));
  const done = await backfill(place, file, ...since);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout).toContain("backfill 1 of toy: done, 370 records in 4 pages stored");
  expect(done.stdout).toContain("120 delivered, 250 already delivered, 0 changed, 0 dead, 0 dropped");
  expect(lake.stored.size).toBe(370);
  expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  expect(cursorOf(place)).toBe(cursor);
  expect(await sums(place)).toMatchObject({ taken: 620, delivered: 370, already: 250, holds: true });
  expect((await backfill(place, file, ...since)).stdout).toContain("backfill 2 of toy: done");
}, 60_000);

test("where a tributary run works on the state, it does it beside its poller, and the command follows", async () => {
  using place = scene();
  const file = configured(place);
  vendor.events.push(...toyEvents(150));
  const live = run(place, file);
  await until(() => lake.stored.size === 150);
  vendor.events.unshift(...toyEvents(150, 1000));
  const done = await backfill(place, file, ...since, "--json");
  expect(done).toMatchObject({ code: 0 });
  expect(JSON.parse(done.stdout)).toMatchObject({ id: 1, state: "done", frames: 300 });
  await until(() => lake.stored.size === 300);
  const detached = await backfill(place, file, ...since, "--detach");
  expect(detached.stdout).toContain("Asked for as backfill 2. The running forwarder does it.");
  await live.line(({ message }) => message === "backfill 2 is done");
  vendor.events.push(...toyEvents(5, 5000));
  await until(() => lake.stored.size === 305);
  live.kill("SIGTERM");
  expect(await live.ended).toMatchObject({ code: 0 });
  const list = await backfill(place, file, "ls", "--json");
  expect(readJsonLines(list.stdout)).toMatchObject([
    { id: 2, state: "done" },
    { id: 1, state: "done" },
  ]);
});

test("kill -9 in between: the same command goes on where it stopped, and nothing is lost or sent with other bytes", async () => {
  using place = scene();
  const file = configured(place);
  const count = 3000;
  vendor.events.push(...toyEvents(count));
  for (let round = 0; round < 4; round++) {
    const [asked, sent] = [vendor.requests.length, lake.requests.length];
    const { child, ended } = start(argvOf(place, file, ...since), { env, input: "" });
    await until(() => vendor.requests.length - asked + lake.requests.length - sent >= 4 + round);
    child.kill("SIGKILL");
    await ended;
  }
  const before = vendor.requests.length;
  expect(await backfill(place, file, ...since)).toMatchObject({ code: 0 });
  expect(lake.stored.size).toBe(count);
  for (const copies of lake.stored.values()) expect(new Set(copies).size).toBe(1);
  // It did not begin anew: the pages before the kills were not asked for again.
  const after = vendor.requests
    .slice(before)
    .map((path) => Number(new URL(path, vendor.url).searchParams.get("after")));
  expect(Math.min(...after)).toBeGreaterThan(0);
  expect(await sums(place)).toMatchObject({ taken: count, holds: true });
});

test("the command ends when all is sent, however slowly the channel takes it; where it refuses, the rest stays queued", async () => {
  using place = scene();
  const file = configured(place);
  vendor.events.push(...toyEvents(800));
  lake.script = (request, response) => void setTimeout(() => accept.call(lake, request, response), 1500);
  const slow = await backfill(place, file, ...since);
  expect(slow).toMatchObject({ code: 0 });
  expect(slow.stdout).toContain("800 delivered");
  vendor.events.push(...toyEvents(100, 5000));
  lake.script = (_request, response) => refuse(response, 400, "ChannelInsufficientPermission");
  const refused = await backfill(place, file, ...since, "--until", "2026-03-01");
  expect(refused).toMatchObject({ code: 3 });
  expect(refused.stdout).toContain("queued");
  lake.script = accept;
  expect(await backfill(place, file, ...since, "--until", "2026-03-02")).toMatchObject({ code: 0 });
  expect(lake.stored.size).toBe(900);
});

test("--until ends it once nothing older can follow", async () => {
  using place = scene();
  const file = configured(place, polls(vendor.url, "pageSize: 10"));
  for (let day = 0; day < 30; day++)
    vendor.events.push(
      ...toyEvents(10, day * 10).map((event) => ({
        ...event,
        at: new Date(Date.UTC(2026, 0, 1 + day, 12)).toISOString(),
      })),
    );
  expect(await backfill(place, file, ...since, "--until", "2026-01-05")).toMatchObject({ code: 0 });
  // To the first page of which all is more than a day later.
  expect([...lake.stored.keys()].length).toBe(60);
});

test("files are read again from their start, compressed ones too, and the live places stay", async () => {
  using place = scene();
  const log = place.write("a.log", lines(1500));
  const file = configured(place, `    files: {paths: ["${log}"], format: lines}`);
  const live = run(place, file);
  await until(() => lake.stored.size === 1500);
  live.kill("SIGTERM");
  await live.ended;
  place.write("old-1.log.gz", gzipSync(lines(700, 5000)));
  place.write("old-2.log", lines(20));
  const done = await backfill(place, file, "--integration", "toy", "--files", `${place.directory}/old-*`);
  expect(done).toMatchObject({ code: 0 });
  expect(done.stdout).toContain("700 delivered, 20 already delivered");
  expect(lake.stored.size).toBe(2200);
  const again = await backfill(place, file, "--integration", "toy", "--files", log);
  expect(again.stdout).toContain("0 delivered, 1,500 already delivered");
  const gone = await backfill(place, file, "--integration", "toy", "--files", `${place.directory}/nothing-*`);
  expect(gone).toMatchObject({ code: 4 });
  expect(gone.stdout).toContain("names no file");
  // The live reader is at its end still.
  const next = run(place, file);
  await next.line(({ message }) => message === "started");
  place.write("a.log", lines(1500) + lines(1, 9000));
  await until(() => lake.stored.size === 2201);
  next.kill("SIGTERM");
  await next.ended;
  expect(await sums(place)).toMatchObject({ taken: 3721, holds: true });
});

test("what cannot be done is refused before anything is asked for; what is under way can be cancelled", async () => {
  using place = scene();
  const file = configured(place);
  for (const [argv, told] of [
    [["--integration", "toy"], "--since is missing"],
    [["--integration", "other", "--since", "1d"], "--integration takes a name"],
    [["--integration", "toy", "--since", "2026-01-02", "--until", "2026-01-01"], "--until is not after --since"],
    [["--integration", "toy", "--since", "soon"], "--since takes a time"],
    [["--integration", "toy", "--since", "1d", "--files", "x"], "take --since and --until away"],
    [["cancel", "7"], "no backfill 7"],
  ] as const) {
    const refused = await backfill(place, file, ...argv);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain(told);
  }
  const noHistory = place.write(
    "crowdstrike.yaml",
    `integrations:
  - name: falcon
    adapter: crowdstrike
    channel: {arn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001"}
    poll: {region: us-1, clientId: example, clientSecret: {env: TOKEN}, appId: example}
`,
  );
  const refused = await backfill(place, noHistory, "--integration", "falcon", "--since", "1d");
  expect(refused.stderr).toContain("cannot read the past beside the live one");
  expect(refused).toMatchObject({ code: 2 });

  // A vendor that refuses fails it, with the reason; mended, the same command goes on.
  vendor.events.push(...toyEvents(250));
  vendor.script = (path, response) => {
    if (!path.includes("after=100")) return false;
    response.writeHead(401).end();
    return true;
  };
  const failed = await backfill(place, file, ...since);
  expect(failed).toMatchObject({ code: 4 });
  expect(failed.stdout).toContain("failed, 100 records in 1 pages stored: The vendor refused");
  expect(lake.stored.size).toBe(100);
  vendor.script = () => false;
  expect(await backfill(place, file, ...since)).toMatchObject({ code: 0 });
  expect(lake.stored.size).toBe(250);
  // Asked for and not begun: cancelled.
  expect((await backfill(place, file, ...since, "--detach")).stdout).toContain("The next tributary run does it");
  expect((await backfill(place, file, "cancel", "2")).code).toBe(0);
  expect((await backfill(place, file, "ls")).stdout).toMatch(/2 +toy .* cancelled/);
});
