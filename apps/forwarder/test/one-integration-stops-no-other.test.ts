import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createHmac } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { tributary } from "./support/command.ts";
import { type FakeVendor, toyEvents } from "./support/fake-vendor.ts";
import { freshServers } from "./support/fresh-servers.ts";
import { inProcess } from "./support/in-process.ts";
import { canary, config, polls, run, toy, until } from "./support/running.ts";
import { accept, refuse, type ScriptedServer } from "./support/scripted-server.ts";
import { lines, scene } from "./support/scene.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 120_000 });

let lake: ScriptedServer;
let other: ScriptedServer;
let vendor: FakeVendor;
freshServers(2, (lakes, one) => {
  [lake, other] = lakes as [ScriptedServer, ScriptedServer];
  vendor = one;
});
const hook = "    webhook: {path: /hooks/b, options: {secrets: [{env: TOKEN}]}}";

async function deliver(url: string, count: number): Promise<number> {
  const body = JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id: `p-${count}` });
  const signature = createHmac("sha256", canary).update(body).digest("hex");
  return (await fetch(`${url}/hooks/b`, { method: "POST", body, headers: { "x-toy-signature": signature } })).status;
}

test("a channel that refuses is parked with its reason while the others go on, and resumes by itself", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(300));
  let refused = true;
  lake.script = (request, response) =>
    refused
      ? refuse(response, 403, "ChannelInsufficientPermission", "The policy does not name the caller.")
      : accept.call(lake, request, response);
  const text = config(toy("a", lake.endpoint, polls(vendor.url)) + toy("b", other.endpoint, hook));
  const running = run(place, place.write("tributary.yaml", text));
  await running.line(({ message }) => message.startsWith("channel is parked"));
  expect(await deliver(await running.url(), 1)).toBe(200);
  await until(() => other.stored.size === 1);
  const metrics = await running.text("/metrics");
  expect(metrics).toContain(
    'tributary_parked{integration="a",part="channel",code="ChannelInsufficientPermission"} 1\n',
  );
  expect(metrics).toContain('tributary_queued{integration="a"} 300\n');
  expect(metrics).toContain('tributary_records_total{integration="b",end="delivered"} 1\n');
  const parked = await tributary(["status", "--state", place.statePath]);
  expect(parked.stdout).toMatch(/channel: ChannelInsufficientPermission at .*Z: The policy does not name the caller/);
  refused = false;
  await until(() => lake.stored.size === 300);
  await running.line(({ message }) => message === "channel goes on");
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  const after = await tributary(["status", "--json", "--state", place.statePath]);
  const [a, b] = readJsonLines(after.stdout);
  expect(a).toMatchObject({ name: "a", counts: { read: 300, delivered: 300, queued: 0 }, unmapped: 0 });
  expect(a).toMatchObject({ troubles: [{ part: "channel", over: expect.any(Number) as number }] });
  expect(b).toMatchObject({ name: "b", counts: { read: 1, delivered: 1 }, troubles: [] });
});

test("what stopped an earlier process is over once it works in the next; a missing file is, once it is there", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(3));
  lake.script = (_request, response) => refuse(response, 403, "ChannelInsufficientPermission", "Not you.");
  const late = join(place.directory, "late.jsonl");
  const text = config(toy("a", lake.endpoint, `${polls(vendor.url)}\n    files: {paths: ["${late}"]}`));
  const first = run(place, place.write("tributary.yaml", text));
  await first.line(({ message }) => message.startsWith("channel is parked"));
  await first.line(({ code }) => code === "INPUT_NOT_FOUND");
  first.kill("SIGTERM");
  expect(await first.ended).toMatchObject({ code: 3 });
  interface Told {
    readonly troubles: readonly { readonly part: string; readonly over?: number }[];
  }
  const troubles = async () => {
    const { stdout } = await inProcess(["status", "--json", "--state", place.statePath], {});
    const all = readJsonLines<Told>(stdout).flatMap((one) => one.troubles);
    return Object.fromEntries(all.map(({ part, over }) => [part, over === undefined ? "there" : "over"]));
  };
  expect(await troubles()).toEqual({ channel: "there", files: "there" });
  lake.script = accept;
  const next = run(place, join(place.directory, "tributary.yaml"));
  await next.line(({ code }) => code === "INPUT_NOT_FOUND");
  await until(async () => (await troubles())["channel"] === "over");
  expect(await troubles()).toEqual({ channel: "over", files: "there" });
  place.write("late.jsonl", '{"at":"2026-01-01T00:00:00Z","what":"Login","id":"late"}\n');
  await until(async () => (await troubles())["files"] === "over");
  next.kill("SIGTERM");
  expect(await next.ended).toMatchObject({ code: 0 });
});

test("a vendor that refuses is parked, and goes on when it takes the token again", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(5));
  let refused = true;
  vendor.script = (_path, response) => {
    if (refused) response.writeHead(401).end();
    return refused;
  };
  const text = config(toy("a", lake.endpoint, polls(vendor.url)) + toy("b", other.endpoint, hook));
  const running = run(place, place.write("tributary.yaml", text));
  const line = await running.line(({ message }) => message.startsWith("poll is parked"));
  expect(line).toMatchObject({ code: "VENDOR_REFUSED", level: "error" });
  expect(await deliver(await running.url(), 1)).toBe(200);
  await until(() => other.stored.size === 1);
  refused = false;
  await until(() => lake.stored.size === 5);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("one whose last records all died of one cause waits for a person, and goes on at SIGHUP", async () => {
  using place = scene();
  const broken = Array.from({ length: 300 }, (_, n) => ({ at: "never", what: "Broken", id: `broken-${n}` }));
  vendor.events.push(...broken, ...toyEvents(5));
  const text = config(toy("a", lake.endpoint, polls(vendor.url)), "pauseAfter: 300, parkSeconds: 1");
  const running = run(place, place.write("tributary.yaml", text));
  expect(await running.line(({ code }) => code === "PAUSED")).toMatchObject({ level: "error" });
  running.kill("SIGHUP");
  await until(() => lake.stored.size === 5);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  const { stdout } = await tributary(["status", "--json", "--state", place.statePath]);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { read: 305, delivered: 5, dead: 300 } });
});

test("above the watermark the poller asks for no more, and nothing is lost", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(10_000));
  let refused = true;
  lake.script = (request, response) =>
    refused ? refuse(response, 403, "ChannelInsufficientPermission") : accept.call(lake, request, response);
  const text = config(toy("a", lake.endpoint, polls(vendor.url)), "queuedEvents: 1000, parkSeconds: 1");
  const running = run(place, place.write("tributary.yaml", text));
  await until(() => vendor.requests.length === 10);
  // Two tries of the channel later it has not asked again.
  const tries = () => running.lines.filter(({ message }) => message.startsWith("channel is parked")).length;
  await until(() => tries() >= 3);
  expect(vendor.requests.length).toBe(10);
  refused = false;
  await until(() => lake.stored.size === 10_000);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("SIGTERM ends intake and sends what is queued; past the deadline it ends with 3, and the next start sends the rest", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(500));
  const file = place.write("tributary.yaml", config(toy("a", lake.endpoint, polls(vendor.url)), "drainSeconds: 1"));
  lake.script = () => undefined; // takes requests and says nothing
  const slow = run(place, file);
  await until(() => lake.requests.length > 0);
  slow.kill("SIGTERM");
  const ended = await slow.ended;
  expect(ended.code).toBe(3);
  expect(slow.lines.at(-1)).toMatchObject({ message: "stopped", queued: expect.any(Number) as number });
  lake.script = (request, response) => void setTimeout(() => accept.call(lake, request, response), 20);
  const before = lake.requests.length;
  const next = run(place, file);
  await until(() => lake.requests.length > before + 1);
  next.kill("SIGTERM");
  expect(await next.ended).toMatchObject({ code: 0 });
  const { stdout } = await tributary(["status", "--json", "--state", place.statePath]);
  const { counts } = JSON.parse(stdout) as { counts: Record<string, number> };
  expect(counts["delivered"]).toBe(counts["read"]);
  expect(lake.stored.size).toBe(counts["read"]);
});

test("SIGHUP with a broken file keeps the old configuration; with a right one, what changed is started anew", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(3));
  const a = toy("a", lake.endpoint, polls(vendor.url));
  const file = place.write("tributary.yaml", config(a));
  const running = run(place, file);
  await until(() => lake.stored.size === 3);
  place.write("tributary.yaml", config(`${a}  - name: [broken`));
  running.kill("SIGHUP");
  const line = await running.line(({ message }) => message.includes("Not YAML"));
  expect(line.message).toContain(`${file}:`);
  await running.line(({ message }) => message.includes("the old one stays"));
  vendor.events.push(...toyEvents(2, 3));
  await until(() => lake.stored.size === 5);
  // Another integration is added and the first one goes on undisturbed.
  place.write("tributary.yaml", config(a + toy("b", other.endpoint, hook)));
  running.kill("SIGHUP");
  expect(await running.line(({ message }) => message === "reloaded")).toMatchObject({ integrations: 2, unchanged: 1 });
  expect(await deliver(await running.url(), 1)).toBe(200);
  await until(() => other.stored.size === 1);
  // The first one is taken away: nothing asks its vendor any more.
  const seen = running.lines.length;
  place.write("tributary.yaml", config(toy("b", other.endpoint, hook)));
  running.kill("SIGHUP");
  await running.line(({ message }) => message === "reloaded", seen);
  const asked = vendor.requests.length;
  expect(await deliver(await running.url(), 2)).toBe(200);
  await until(() => other.stored.size === 2);
  expect(vendor.requests.length).toBe(asked);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

const at = (from: number, count: number) => lines(count, (n) => ({ id: `f-${from + n}` }));

test("files are followed: what is appended, what is new, what was rotated and compressed comes once, also after a new start", async () => {
  using place = scene();
  place.write("one.jsonl", at(0, 1500));
  place.write("two.jsonl", at(5000, 10));
  place.write("three.txt", "not this");
  const file = place.write(
    "tributary.yaml",
    config(toy("a", lake.endpoint, '    files: {paths: ["*.jsonl*"], format: lines, quietSeconds: 1}')),
  );
  const running = run(place, file);
  await until(() => lake.stored.size === 1510);
  place.write("one.jsonl", at(0, 1600));
  place.write("four.jsonl", at(6000, 5));
  await until(() => lake.stored.size === 1615);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  // While nothing runs: what was not read of a file is in its compressed copy.
  place.write("one.jsonl.1.gz", gzipSync(at(0, 1700)));
  place.write("one.jsonl", at(8000, 10));
  const again = run(place, file);
  await until(() => lake.stored.size === 1725);
  expect(await again.text("/metrics")).toContain('tributary_files_followed{integration="a"} 4\n');
  again.kill("SIGTERM");
  expect(await again.ended).toMatchObject({ code: 0 });
  expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  const { stdout } = await tributary(["status", "--json", "--state", place.statePath]);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { read: 1725, delivered: 1725, already: 0 } });
});

test("a secret of the configuration is in no log, metric, status, answer or file, whatever goes wrong", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(50));
  // The vendor and the lake throw it back.
  vendor.script = (path, response) => {
    if (path.includes("after=0")) return false;
    response.writeHead(403, { "x-echo": canary }).end(`Your token ${canary} is wrong`);
    return true;
  };
  lake.script = (_request, response) => refuse(response, 403, "AccessDeniedException", `no ${canary} here`);
  const text = config(toy("a", lake.endpoint, polls(vendor.url)) + toy("b", other.endpoint, hook));
  const file = place.write("tributary.yaml", text);
  const running = run(place, file);
  const url = await running.url();
  await running.line(({ message }) => message.startsWith("channel is parked"));
  await until(() => vendor.requests.length > 1);
  await running.line(({ message }) => message.startsWith("poll is parked"));
  const answer = await fetch(`${url}/hooks/b`, { method: "POST", body: "x", headers: { "x-toy-signature": canary } });
  const shown = [await answer.text(), await running.text("/metrics"), await running.text("/readyz")];
  shown.push((await tributary(["status", "--state", place.statePath])).stdout);
  shown.push((await tributary(["check", file], { env: { TOKEN: canary } })).stdout);
  running.kill("SIGTERM");
  const { stdout, stderr } = await running.ended;
  expect([...shown, stdout, stderr].filter((one) => one.includes(canary))).toEqual([]);
  expect(stderr).toContain("no *** here");
  const folder = join(place.statePath, "..");
  expect(readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(canary))).toEqual([]);
});
