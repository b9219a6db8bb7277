import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tributary } from "./support/command.ts";
import { forwardTo } from "./support/forward-to.ts";
import { config, run, toy, until } from "./support/running.ts";
import { channelArn, lines, scene, type Scene } from "./support/scene.ts";
import { accept, json, scriptedServer, type ScriptedServer, store } from "./support/scripted-server.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 120_000 });

let server: ScriptedServer;
let place: Scene;
beforeEach(async () => {
  server = await scriptedServer(accept);
  place = scene();
});
afterEach(async () => {
  place[Symbol.dispose]();
  await server.close();
});

const on = (...argv: readonly string[]) => tributary([...argv, "--state", place.statePath]);
const rows = async <T>(...argv: readonly string[]): Promise<readonly T[]> =>
  readJsonLines<T>((await on(...argv, "--json")).stdout);
interface Letter {
  readonly id: number;
  readonly code: string;
  readonly attempts: number;
  readonly replays: number;
  readonly diedAt?: string;
  readonly replayAskedAt?: string;
}

/** Refuses ids that begin with it. */
const refusing =
  (begin: string): ScriptedServer["script"] =>
  (request, response) => {
    const bad = request.events.filter(({ id }) => id.startsWith(begin));
    const failed = bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "It is refused." }));
    json(response, 200, {
      successful: store(
        server,
        request.events.filter((one) => !bad.includes(one)),
      ),
      failed,
    });
  };

test("replay: what the service takes now is delivered once; asked twice, it is delivered once; the sum holds", async () => {
  server.script = refusing("bad");
  const file = place.write(
    "in.jsonl",
    lines(30, (n) => (n % 10 === 0 ? { id: `bad-${n}` } : n % 10 === 1 ? { at: "never" } : {})),
  );
  expect((await tributary(forwardTo(place, server.endpoint, file))).code).toBe(1);
  const letters = await rows<Letter>("dlq", "ls");
  expect(letters.map(({ code, attempts }) => [code, attempts]).toSorted((a, b) => Number(b[1]) - Number(a[1]))).toEqual(
    [
      ...Array.from({ length: 3 }, () => ["InvalidData", 1]),
      ...Array.from({ length: 3 }, () => ["TIME_UNREADABLE", 0]),
    ],
  );
  for (const { diedAt } of letters) expect(Math.abs(Date.now() - Date.parse(diedAt!))).toBeLessThan(60_000);

  expect((await on("dlq", "replay")).code).toBe(2);
  expect(await rows("dlq", "replay", "--reason", "InvalidData")).toEqual([{ asked: 3, waiting: 3 }]);
  expect(await rows("dlq", "replay", "--reason", "InvalidData")).toEqual([{ asked: 0, waiting: 3 }]);
  expect((await rows<Letter>("dlq", "ls")).filter(({ replayAskedAt }) => replayAskedAt !== undefined)).toHaveLength(3);
  expect((await on("ledger", "--sum")).stdout).toContain("30 read = 24 delivered");

  const status = await on("status");
  expect(status.stdout).toMatch(/dead of InvalidData +3\n/);
  expect(status.stdout).toMatch(/of them to be replayed +3\n/);
  expect(status.stdout).toMatch(/delivered events remembered +24, of 2026-01-01 and later\n/);
  expect(status.stdout).toMatch(/The state takes \d+ MB\.\n/);

  // Still refused: a dead letter again.
  expect((await tributary(forwardTo(place, server.endpoint))).code).toBe(1);
  const again = (await rows<Letter>("dlq", "ls")).filter(({ code }) => code === "InvalidData");
  expect(again.map(({ attempts, replays }) => [attempts, replays])).toEqual(Array.from({ length: 3 }, () => [2, 1]));
  server.script = accept;
  await on("dlq", "replay", ...again.map(({ id }) => String(id)));
  expect((await tributary(forwardTo(place, server.endpoint))).code).toBe(0);
  expect((await tributary(forwardTo(place, server.endpoint))).code).toBe(0);
  for (const n of [0, 10, 20]) expect(server.stored.get(`bad-${n}`)).toHaveLength(1);
  const sum = await on("ledger", "--sum");
  expect(sum.stdout).toContain(
    "30 read = 27 delivered + 0 already delivered + 0 changed + 3 dead + 0 dropped + 0 queued: holds",
  );
  expect(sum.code).toBe(0);
});

test("letters whose adapter, channel or integration left the configuration are said so, with what to do", async () => {
  const bulk = "    bulk: {path: /es, credentials: [{bearer: {env: TOKEN}}]}";
  const here = (name: string) => config(toy(name, server.endpoint, bulk));
  const first = run(place, place.write("tributary.yaml", here("toy")), { TOKEN: "a-bearer-token" });
  const body = `{"create":{}}\n{"at":"never","what":"Test","id":"a"}\n`;
  const headers = { authorization: "Bearer a-bearer-token" };
  expect((await fetch(`${await first.url()}/es/_bulk`, { method: "POST", headers, body })).status).toBe(200);
  await until(async () => (await rows("dlq", "ls")).length === 1);
  first.kill("SIGTERM");
  await first.ended;

  const another = here("toy").replace("channel/0c1d2e3f-", "channel/1c1d2e3f-");
  const other = config(toy("toy", server.endpoint, bulk).replace(/adapter: .*/, "adapter: okta"));
  for (const [text, lacks] of [
    [here("toy"), ""],
    [here("renamed"), "an integration toy"],
    [another, `the channel ${channelArn} for toy`],
    [other, "the adapter toy for toy, which has okta now"],
  ] as const) {
    const file = place.write("other.yaml", text);
    const listed = await tributary(["dlq", "ls", "--config", file, "--state", place.statePath], {
      env: { TOKEN: "a-bearer-token" },
    });
    const told = "1 dead letters can be delivered by nobody: the configuration lacks ";
    expect([listed.code, listed.stderr.split(": put it back")[0]]).toEqual([0, lacks === "" ? "" : `${told}${lacks}`]);
  }
  const second = run(place, place.write("tributary.yaml", here("renamed")), { TOKEN: "a-bearer-token" });
  const warned = await second.line(({ message }) => message.includes("can be delivered by nobody"));
  expect(warned.message).toContain(`tributary dlq discard --integration toy --channel-arn ${channelArn}`);
  second.kill("SIGTERM");
  await second.ended;
});

test("ls filters and pages; summary counts; show tells when, how often and why", async () => {
  const file = place.write(
    "in.jsonl",
    lines(12, (n) => (n < 9 ? { at: "never" } : { what: 7 })),
  );
  await tributary(forwardTo(place, server.endpoint, file));
  const first = await on("dlq", "ls", "--limit", "5");
  expect(first.stdout).toContain("There are more: --after 5");
  expect((await rows<Letter>("dlq", "ls", "--after", "5")).map(({ id }) => id)).toEqual([6, 7, 8, 9, 10, 11, 12]);
  const [reason] = (await rows<Letter>("dlq", "ls", "--id", "12")).map(({ code }) => code);
  expect(await rows("dlq", "ls", "--reason", reason!)).toHaveLength(3);
  expect(await rows("dlq", "ls", "--since", "1h")).toHaveLength(12);
  expect(await rows("dlq", "ls", "--until", "1h")).toHaveLength(0);
  expect(await rows("dlq", "ls", "--integration", "other")).toHaveLength(0);
  expect(await rows("dlq", "ls", "--summary")).toMatchObject([
    { code: "TIME_UNREADABLE", count: 9, asked: 0 },
    { code: reason, count: 3, asked: 0 },
  ]);
  expect((await on("dlq", "show", "12")).stdout).toContain("after 0 requests");
  for (const wrong of [
    ["--since", "yesterday"],
    ["--id", "x"],
    ["--limit", "-1"],
  ])
    expect((await on("dlq", "ls", ...wrong)).code).toBe(2);
});

test("replay --dry-run says what the adapter of today makes of it, and changes nothing", async () => {
  const file = place.write(
    "in.jsonl",
    lines(3, (n) => [{ what: 7 }, { at: "never" }, {}][n]!),
  );
  await tributary(forwardTo(place, server.endpoint, file));
  const before = await rows("dlq", "ls");
  const lenient = join(place.directory, "lenient.ts");
  const source = readFileSync(new URL("support/line-adapter.ts", import.meta.url), "utf8");
  writeFileSync(
    lenient,
    source
      .replaceAll(/"(@[^"]+)"/g, (_, name: string) => JSON.stringify(import.meta.resolve(name)))
      .replace("what: Type.String()", "what: Type.Unknown()")
      .replace("eventName: record.what", "eventName: String(record.what)"),
  );
  const rehearsed = await on("dlq", "replay", "--all", "--dry-run", "--adapter", lenient, "--json");
  expect(rehearsed.code).toBe(1);
  expect(readJsonLines(rehearsed.stdout)).toMatchObject([
    { id: 1, would: "be sent", eventId: "id-0" },
    { id: 2, would: "stay dead", code: "TIME_UNREADABLE" },
  ]);
  expect((await on("dlq", "replay", "--all", "--dry-run")).code).toBe(2);
  expect(await rows("dlq", "ls")).toEqual(before);
  // And so it comes to be.
  await on("dlq", "replay", "--all");
  const argv = forwardTo(place, server.endpoint);
  argv[argv.indexOf("--adapter") + 1] = lenient;
  await tributary(argv);
  expect(server.stored.has("id-0")).toBe(true);
  expect((await rows<Letter>("dlq", "ls")).map(({ code }) => code)).toEqual(["TIME_UNREADABLE"]);
});

test("discard: asks, drops by name with who and why, removes the bytes, and the sum holds", async () => {
  const file = place.write(
    "in.jsonl",
    lines(3, () => ({ at: "never", what: "a-planted-secret" })),
  );
  await tributary(forwardTo(place, server.endpoint, file));
  expect((await on("dlq", "discard", "1")).code).toBe(2);
  expect(await rows("dlq", "discard", "1", "--yes", "--note", "of a test")).toEqual([{ discarded: 1 }]);
  expect(await rows("dlq", "discard", "1", "--yes")).toEqual([{ discarded: 0 }]);
  expect((await on("dlq", "show", "1", "--reveal")).code).toBe(2);
  const [dropped] = await rows<{ readonly end: string; readonly code: string; readonly message: string }>(
    "ledger",
    "--record",
    `${file}@0`,
  );
  expect(dropped).toMatchObject({ end: "dropped", code: "discarded" });
  expect(dropped?.message).toMatch(/^Discarded by .* \(of a test\)\. It was dead: TIME_UNREADABLE/);
  expect((await on("ledger", "--sum")).stdout).toContain("2 dead + 1 dropped + 0 queued: holds");
  await on("dlq", "discard", "--all", "--yes");
  const database = place.database();
  expect(database.prepare("SELECT count(*) AS n FROM original").get()).toEqual({ n: 0 });
  database.close();
});

test("a record over the limit is read where the limit of today lets it, else it is dead again with all its bytes", async () => {
  const long = JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id: "long", text: "x".repeat(5000) });
  const file = place.write("in.jsonl", `${lines(1)}${long}\n`);
  await tributary(forwardTo(place, server.endpoint, "--max-record-bytes", "1000", file));
  await on("dlq", "replay", "--all");
  await tributary(forwardTo(place, server.endpoint, "--max-record-bytes", "2000"));
  const [letter] = await rows<Letter & { readonly length: number }>("dlq", "show", "2");
  expect(letter).toMatchObject({ code: "FRAME_TOO_LONG", replays: 1, length: long.length + 1 });
  expect((await on("dlq", "show", "2", "--reveal")).stdout).toContain(long);
  await on("dlq", "replay", "--all");
  expect((await tributary(forwardTo(place, server.endpoint))).code).toBe(0);
  expect(server.stored.get("long")).toHaveLength(1);
  const database = place.database();
  for (const table of ["overlong", "original", "asked"])
    expect(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).toEqual({ n: 0 });
  database.close();
});

test("equal lines keep their ids: a replay of the second is not the first", async () => {
  const line = `{"at":"2026-01-01T00:00:00Z","what":"login"}\n`;
  server.script = (request, response) => {
    // The second of the equal lines is refused.
    const [first, ...others] = request.events;
    const failed = others.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "no" }));
    json(response, 200, { successful: store(server, [first!]), failed });
  };
  await tributary(forwardTo(place, server.endpoint, place.write("in.jsonl", line + line + line)));
  server.script = accept;
  await on("dlq", "replay", "--all");
  expect((await tributary(forwardTo(place, server.endpoint))).code).toBe(0);
  expect(server.stored.size).toBe(3);
  for (const copies of server.stored.values()) expect(copies).toHaveLength(1);
});

test("a running tributary run takes up what is asked for within seconds, though it dies in between; a replay pauses nothing", async () => {
  server.script = refusing("bad");
  const records = Array.from({ length: 1500 }, (_, n) => ({
    at: "2026-01-01T00:00:00Z",
    what: "Login",
    id: n < 1200 ? `bad-${n}` : `id-${n}`,
  }));
  const input = place.write("in.jsonl", records.map((record) => `${JSON.stringify(record)}\n`).join(""));
  const file = place.write(
    "tributary.yaml",
    config(
      toy("a", server.endpoint, `    files: {paths: ["${input}"], format: lines}`),
      "parkSeconds: 1, pauseAfter: 0",
    ),
  );
  const first = run(place, file);
  await until(() => server.stored.size === 300);
  await until(async () => (await rows("dlq", "ls")).length === 1200);
  first.kill("SIGKILL");
  await first.ended;
  place.write(
    "tributary.yaml",
    config(
      toy("a", server.endpoint, `    files: {paths: ["${input}"], format: lines}`),
      "parkSeconds: 1, pauseAfter: 1000",
    ),
  );
  const second = run(place, file);
  await second.line(({ message }) => message === "started");
  const replayed = async () => (await rows<Letter>("dlq", "ls")).filter(({ replays }) => replays > 0).length;
  await on("dlq", "replay", "--integration", "a");
  await until(async () => (await replayed()) > 0);
  second.kill("SIGKILL");
  await second.ended;
  const third = run(place, file);
  await until(async () => (await replayed()) === 1200);
  expect(third.lines.filter(({ code }) => code === "PAUSED")).toEqual([]);
  server.script = accept;
  expect(await rows("dlq", "replay", "--all")).toEqual([{ asked: 1200, waiting: 1200 }]);
  await until(() => server.stored.size === 1500);
  await until(async () => (await rows("dlq", "ls")).length === 0);
  third.kill("SIGTERM");
  expect((await third.ended).code).toBe(0);
  const sums = await rows("ledger", "--sum");
  expect(sums).toMatchObject([{ taken: 1500, delivered: 1500, dead: 0, queued: 0, holds: true }]);
});
