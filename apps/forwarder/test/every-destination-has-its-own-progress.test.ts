import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { zstdDecompressSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { lineAdapter, tributary } from "./support/command.ts";
import { type FakeVendor, toyEvents } from "./support/fake-vendor.ts";
import { freshServers } from "./support/fresh-servers.ts";
import { canary, config, polls, run, type Running, toyAdapter, until } from "./support/running.ts";
import { channelArn, scene, type Scene } from "./support/scene.ts";
import { accept, json, refuse, type ScriptedServer, store } from "./support/scripted-server.ts";
import { readJsonLines } from "./support/read-json-lines.ts";

vi.setConfig({ testTimeout: 60_000 });

let near: ScriptedServer;
let far: ScriptedServer;
let vendor: FakeVendor;
freshServers(2, (lakes, one) => {
  [near, far] = lakes as [ScriptedServer, ScriptedServer];
  vendor = one;
});
const started: Running[] = [];
/** Started for the time of a test: it must not send into the next one. */
function start(place: Scene, file: string): Running {
  const running = run(place, file);
  started.push(running);
  return running;
}
afterEach(async () => {
  for (const running of started.splice(0)) {
    running.kill("SIGKILL");
    await running.ended;
  }
});
const otherArn = "arn:aws:cloudtrail:eu-west-1:444455556666:channel/0c1d2e3f-0000-4000-8000-000000000002";

const to = (name: string, server: ScriptedServer, arn = channelArn) =>
  `      - {name: ${name}, arn: "${arn}", endpoint: "${server.endpoint}"}`;

const integration = (destinations: readonly string[], sources: string) =>
  `  - name: a\n    adapter: ${toyAdapter}\n    destinations:\n${destinations.join("\n")}\n${sources}\n`;

interface Report {
  readonly name: string;
  readonly destination: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly troubles: readonly object[];
}

async function reports(place: Scene): Promise<readonly Report[]> {
  return readJsonLines<Report>((await tributary(["status", "--json", "--state", place.statePath])).stdout);
}

/** Rows of a table of the state. */
function rows(place: Scene, table: string): number {
  const database = new DatabaseSync(place.statePath, { readOnly: true });
  try {
    return Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  } finally {
    database.close();
  }
}

test("every record goes to each, with the account of each channel, dead letters of its own, and frames stored once", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(250));
  far.script = (request, response) => {
    const [bad, good] = [
      request.events.filter(({ id }) => id === "id-7"),
      request.events.filter(({ id }) => id !== "id-7"),
    ];
    const failed = bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "not here" }));
    json(response, 200, { successful: store(far, good), failed });
  };
  const file = place.write(
    "tributary.yaml",
    config(integration([to("near", near), to("far", far, otherArn)], polls(vendor.url))),
  );
  const running = start(place, file);
  await until(() => near.stored.size === 250 && far.stored.size === 249);
  const metrics = await metricsWith(
    running,
    'tributary_dead_total{integration="a",destination="far",code="InvalidData"} 1\n',
  );
  expect(metrics).toContain('tributary_records_total{integration="a",destination="near",end="delivered"} 250\n');
  expect(metrics).toContain('tributary_records_total{integration="a",destination="far",end="delivered"} 249\n');
  expect(metrics).toContain('tributary_stored_total{integration="a"} 250\n');
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(near.requests[0]!.body).toContain("111122223333");
  expect(far.requests[0]!.body).toContain("444455556666");
  expect(far.requests.some(({ body }) => body.includes("111122223333"))).toBe(false);
  expect(await reports(place)).toMatchObject([
    { name: "a", destination: "far", counts: { read: 250, delivered: 249, dead: 1, queued: 0 } },
    { name: "a", destination: "near", counts: { read: 250, delivered: 250, dead: 0, queued: 0 } },
  ]);
  const letters = await tributary(["dlq", "ls", "--json", "--state", place.statePath]);
  expect(JSON.parse(letters.stdout)).toMatchObject({ integration: "a", destination: "far", eventId: "id-7" });
  expect([rows(place, "spool"), rows(place, "mapped")]).toEqual([0, 0]);
});

/** /metrics once it has a line. */
async function metricsWith(running: Running, line: string): Promise<string> {
  let text = "";
  await until(async () => (text = await running.text("/metrics")).includes(line));
  return text;
}

test("one that refuses is parked alone; it holds up no other, and gets everything when it takes it", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(300));
  let refused = true;
  far.script = (request, response) =>
    refused ? refuse(response, 403, "ChannelInsufficientPermission", "Not you.") : accept.call(far, request, response);
  const file = place.write(
    "tributary.yaml",
    config(integration([to("near", near), to("far", far, otherArn)], polls(vendor.url))),
  );
  const running = start(place, file);
  expect(await running.line(({ message }) => message.startsWith("channel is parked"))).toMatchObject({
    destination: "far",
  });
  await until(() => near.stored.size === 300);
  expect(await running.text("/metrics")).toContain(
    'tributary_parked{integration="a",destination="far",part="channel",code="ChannelInsufficientPermission"} 1\n',
  );
  await until(async () =>
    (await running.text("/metrics")).includes('tributary_queued{integration="a",destination="near"} 0\n'),
  );
  expect(await running.text("/metrics")).toContain('tributary_queued{integration="a",destination="far"} 300\n');
  // What one has settled is kept for the other.
  expect(rows(place, "spool")).toBeGreaterThan(0);
  refused = false;
  await until(() => far.stored.size === 300);
  await running.line(({ message }) => message === "channel goes on");
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(rows(place, "spool")).toBe(0);
  for (const report of await reports(place))
    expect(report.counts).toMatchObject({ read: 300, delivered: 300, queued: 0 });
  expect([...near.stored.values(), ...far.stored.values()].every((copies) => copies.length === 1)).toBe(true);
});

test("the slowest one's queue counts for the watermark: above it the poller asks for no more", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(5000));
  let refused = true;
  far.script = (request, response) =>
    refused ? refuse(response, 403, "AccessDeniedException") : accept.call(far, request, response);
  const text = config(
    integration([to("near", near), to("far", far, otherArn)], polls(vendor.url)),
    "queuedEvents: 1000, parkSeconds: 1",
  );
  const running = start(place, place.write("tributary.yaml", text));
  await until(() => near.stored.size === 1000);
  const tries = () => running.lines.filter(({ message }) => message.startsWith("channel is parked")).length;
  const before = tries();
  await until(() => tries() >= before + 2);
  expect([vendor.requests.length, near.stored.size]).toEqual([10, 1000]);
  refused = false;
  await until(() => near.stored.size === 5000 && far.stored.size === 5000);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("one that is added starts with what comes from then on; one that is taken away keeps its queue, and sends it when it is back", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(10));
  const write = (...destinations: readonly string[]) =>
    place.write("tributary.yaml", config(integration(destinations, polls(vendor.url))));
  const running = start(place, write(to("near", near)));
  await until(() => near.stored.size === 10);
  far.script = (_request, response) => refuse(response, 403, "AccessDeniedException");
  write(to("near", near), to("far", far, otherArn));
  running.kill("SIGHUP");
  await running.line(({ message }) => message === "reloaded");
  vendor.events.push(...toyEvents(5, 10));
  await until(() => near.stored.size === 15);
  await running.line(({ message }) => message.startsWith("channel is parked"));
  const from = running.lines.length;
  write(to("near", near));
  running.kill("SIGHUP");
  const orphan = await running.line(({ message }) => message.includes("not sent by this configuration"), from);
  expect(orphan.message).toBe(
    `5 records of the integration a (destination far) are queued for ${otherArn} and not sent by this configuration`,
  );
  vendor.events.push(...toyEvents(3, 15));
  await until(() => near.stored.size === 18);
  far.script = accept;
  write(to("near", near), to("far", far, otherArn));
  running.kill("SIGHUP");
  await until(() => far.stored.size === 5);
  vendor.events.push(...toyEvents(2, 18));
  await until(() => near.stored.size === 20 && far.stored.size === 7);
  expect([...far.stored.keys()]).toEqual(["id-10", "id-11", "id-12", "id-13", "id-14", "id-18", "id-19"]);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
});

test("the past is read again for one that was added later: it gets what it lacks, and the others nothing twice", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(150));
  const write = (...names: readonly string[]) =>
    place.write("tributary.yaml", config(integration(names, polls(vendor.url))));
  const running = start(place, write(to("near", near)));
  await until(() => near.stored.size === 150);
  running.kill("SIGTERM");
  await running.ended;
  const file = write(to("near", near), to("far", far, otherArn));
  const argv = ["backfill", "--integration", "a", "--since", "2026-01-01", "--config", file, "--client", "built-in"];
  const { code, stdout } = await tributary([...argv, "--state", place.statePath], { env: { TOKEN: canary } });
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("far: 150 delivered") as string });
  expect(stdout).toContain("near: 0 delivered, 150 already delivered");
  expect([near, far].map(({ stored }) => stored.size)).toEqual([150, 150]);
  expect([...near.stored.values(), ...far.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  const sums = await tributary(["ledger", "--sum", "--json", "--state", place.statePath]);
  expect(readJsonLines(sums.stdout)).toMatchObject([
    { integration: "a", destination: "far", taken: 150, delivered: 150, holds: true },
    { integration: "a", destination: "near", taken: 300, delivered: 150, already: 150, holds: true },
  ]);
});

test("a dead letter is replayed to the destination that refused it, and to no other", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(20));
  let refuses = true;
  far.script = (request, response) => {
    const bad = request.events.filter(({ id }) => refuses && id === "id-7");
    const good = request.events.filter((event) => !bad.includes(event));
    const failed = bad.map(({ id }) => ({ id, errorCode: "InvalidData", errorMessage: "not here" }));
    json(response, 200, { successful: store(far, good), failed });
  };
  const file = place.write(
    "tributary.yaml",
    config(integration([to("near", near), to("far", far, otherArn)], polls(vendor.url))),
  );
  const running = start(place, file);
  await until(() => near.stored.size === 20 && far.stored.size === 19);
  await metricsWith(running, 'tributary_dead_total{integration="a",destination="far",code="InvalidData"} 1\n');
  refuses = false;
  const dlq = (...more: readonly string[]) => tributary(["dlq", ...more, "--state", place.statePath]);
  expect((await dlq("replay", "--destination", "near")).stdout).toBe("No dead letters.\n");
  expect((await dlq("replay", "--destination", "far")).stdout).toContain("1 dead letters will be put back");
  await until(() => far.stored.size === 20);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect(near.stored.get("id-7")).toHaveLength(1);
  for (const { counts } of await reports(place)) expect(counts).toMatchObject({ read: 20, delivered: 20, dead: 0 });
});

test("a channel that becomes one of several keeps its queue, its cursor and what it was sent; so does one with a new name", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(10));
  const alone = (server: ScriptedServer) =>
    `  - name: a\n    adapter: ${toyAdapter}\n    channel: {arn: "${channelArn}", endpoint: "${server.endpoint}"}\n${polls(vendor.url)}\n`;
  const file = place.write("tributary.yaml", config(alone(near)));
  const running = start(place, file);
  await until(() => near.stored.size === 10);
  const reload = async (integrations: string) => {
    const from = running.lines.length;
    place.write("tributary.yaml", config(integrations));
    running.kill("SIGHUP");
    await running.line(({ message }) => message === "reloaded", from);
  };
  await reload(integration([to("main", near), to("far", far, otherArn)], polls(vendor.url)));
  await reload(integration([to("other", far, otherArn), to("renamed", near)], polls(vendor.url)));
  vendor.events.push(...toyEvents(4, 10));
  await until(() => near.stored.size === 14 && far.stored.size === 4);
  await reload(alone(near));
  vendor.events.push(...toyEvents(1, 14));
  await until(() => near.stored.size === 15);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect([...near.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  expect((await reports(place)).map(({ destination, counts }) => [destination, counts["delivered"]])).toEqual([
    ["", 15],
    ["other", 4],
  ]);
});

const slow =
  (server: ScriptedServer): ScriptedServer["script"] =>
  (request, response) =>
    void setTimeout(() => accept.call(server, request, response), 3);

test("kill -9 again and again: each destination gets every record, and none that was not there", async () => {
  using place = scene();
  vendor.events.push(...toyEvents(3000));
  near.script = slow(near);
  far.script = slow(far);
  const file = place.write(
    "tributary.yaml",
    config(integration([to("near", near), to("far", far, otherArn)], polls(vendor.url))),
  );
  for (let round = 1; round <= 6; round++) {
    const running = start(place, file);
    const goal = round * 900;
    await until(() => near.requests.length + far.requests.length >= goal / 100);
    running.kill("SIGKILL");
    await running.ended;
  }
  const running = start(place, file);
  await until(() => near.stored.size === 3000 && far.stored.size === 3000);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  for (const server of [near, far]) for (const copies of server.stored.values()) expect(new Set(copies).size).toBe(1);
  for (const { counts } of await reports(place)) expect(counts["read"]).toBe(counts["delivered"]! + counts["already"]!);
  expect(rows(place, "spool")).toBe(0);
});

test("a state of version 3 is taken over: what was queued is delivered once, and its channel may be one of several", async () => {
  using place = scene();
  mkdirSync(dirname(place.statePath), { recursive: true });
  const golden = readFileSync(new URL("golden/state-of-version-3.db.zst", import.meta.url));
  writeFileSync(place.statePath, zstdDecompressSync(golden));
  const text = `integrations:
  - name: a
    adapter: ${lineAdapter}
    destinations:
${to("main", near)}
${to("far", far, otherArn)}
    files: {paths: ["new.jsonl"]}
`;
  place.write("new.jsonl", `${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "New", id: "new-1" })}\n`);
  const running = start(place, place.write("tributary.yaml", text));
  await until(() => near.stored.size === 2 && far.stored.size === 1);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  // Of that integration two were delivered, one was dead and one queued.
  expect([...near.stored.keys()].toSorted()).toEqual(["new-1", "run-3"]);
  expect([...far.stored.keys()]).toEqual(["new-1"]);
  const argv = ["forward", "--adapter", lineAdapter, "--channel-arn", channelArn, "--endpoint", near.endpoint];
  const forwarded = await tributary([...argv, "--state", place.statePath, "--json"]);
  expect(JSON.parse(forwarded.stdout)).toMatchObject({ resumed: 2, delivered: 2, queued: 0, balanced: true });
  expect(await reports(place)).toMatchObject([
    { name: "", destination: "", counts: { read: 6, delivered: 4, dead: 1, dropped: 1, queued: 0 } },
    { name: "a", destination: "far", counts: { read: 1, delivered: 1 } },
    { name: "a", destination: "main", counts: { read: 5, delivered: 4, dead: 1, queued: 0 } },
  ]);
});
