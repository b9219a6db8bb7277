import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tributary } from "../test/support/command.ts";
import { fakeVendor, toyEvents } from "../test/support/fake-vendor.ts";
import { forwardTo } from "../test/support/forward-to.ts";
import { canary, config, polls, run, type Running, toy, until } from "../test/support/running.ts";
import { accept, refuse, scriptedServer, type ScriptedServer } from "../test/support/scripted-server.ts";
import { lines, scene, type Scene } from "../test/support/scene.ts";
import { type SmallDisk, smallDisk } from "./small-disk.ts";

const probe = smallDisk("4m");
probe?.[Symbol.dispose]();

let lake: ScriptedServer;
let disk: SmallDisk;
let place: Scene;
beforeEach(async () => {
  lake = await scriptedServer();
  disk = smallDisk("16m")!;
  place = { ...scene(), statePath: join(disk.path, "state", "forwarder.db") };
});
afterEach(async () => {
  await lake.close();
  place[Symbol.dispose]();
  disk[Symbol.dispose]();
});

/** Compresses to half. */
const noise = () => randomBytes(300).toString("hex");

let next = 0;
async function push(url: string, acknowledged: Set<string>): Promise<number> {
  const ids = Array.from({ length: 100 }, () => `push-${next++}`);
  const body = ids
    .map((id) => `${JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Push", id, text: noise() })}\n`)
    .join("");
  const headers = { "x-toy-signature": createHmac("sha256", canary).update(body).digest("hex") };
  const response = await fetch(`${url}/hooks/toy`, { method: "POST", body, headers });
  await response.text();
  if (response.status === 200) for (const id of ids) acknowledged.add(id);
  return response.status;
}

/** Pushes until it is refused so many times in a row. */
async function pushUntilRefused(url: string, acknowledged: Set<string>, times = 5): Promise<void> {
  for (let refused = 0; refused < times;) {
    const status = await push(url, acknowledged);
    expect([200, 503]).toContain(status);
    refused = status === 503 ? refused + 1 : 0;
  }
}

async function queued(): Promise<number> {
  const { stdout } = await tributary(["status", "--json", "--state", place.statePath]);
  const { counts, unmapped } = JSON.parse(stdout) as { counts: { queued: number }; unmapped: number };
  return counts.queued + unmapped;
}

const isFull = ({ code }: { readonly code?: string }) => code === "STATE_DISK_FULL";
const hook = "    webhook: {path: /hooks/toy, options: {secrets: [{env: TOKEN}]}}";

test.skipIf(!probe)(
  "run: a queue that fills the disk is sent from it, by a process that starts there too, and makes its own room",
  async () => {
    lake.script = (_request, response) => refuse(response, 404, "ChannelNotFound");
    const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, hook)));
    const acknowledged = new Set<string>();
    let running: Running = run(place, file);
    await pushUntilRefused(await running.url(), acknowledged);
    await running.line(isFull);
    disk.fill();
    const before = await queued();
    expect(before).toBe(acknowledged.size);
    expect(before).toBeGreaterThan(5000);
    running.kill("SIGKILL");
    await running.ended;

    lake.script = accept;
    running = run(place, file);
    const url = await running.url();
    await until(async () => (await queued()) === 0);
    await until(async () => (await push(url, acknowledged)) === 200);
    await until(() => lake.stored.size === acknowledged.size);
    for (const id of acknowledged) expect(lake.stored.has(id)).toBe(true);
    for (const copies of lake.stored.values()) expect(new Set(copies).size).toBe(1);
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    console.log(`${before} records were queued on the full disk`);
  },
);

test.skipIf(!probe)(
  "run: a disk that others fill stops pushes and polls, not the sending, and room heals it",
  async () => {
    lake.script = (_request, response) => refuse(response, 404, "ChannelNotFound");
    const vendor = await fakeVendor(toyEvents(500));
    const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, `${polls(vendor.url)}\n${hook}`)));
    const acknowledged = new Set<string>();
    const running = run(place, file);
    const url = await running.url();
    for (let n = 0; n < 5; n++) expect(await push(url, acknowledged)).toBe(200);
    await until(async () => (await queued()) === 1000);
    disk.fill();
    await pushUntilRefused(url, acknowledged);
    vendor.events.push(...toyEvents(500, 500));
    await running.line(({ message, ...line }) => isFull(line) && message.includes("poll is parked"));
    const stored = await queued();
    lake.script = accept;
    running.kill("SIGHUP");
    await until(async () => (await queued()) === 0);
    expect(lake.stored.size).toBeGreaterThanOrEqual(stored);

    disk.clear();
    await until(async () => (await push(url, acknowledged)) === 200);
    running.kill("SIGHUP");
    await until(() => lake.stored.size === 1000 + acknowledged.size);
    for (const copies of lake.stored.values()) expect(new Set(copies).size).toBe(1);
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    await vendor.close();
  },
);

test.skipIf(!probe)(
  "forward: a file that does not fit on the disk stays where it is, what was read is sent, and the next run goes on",
  async () => {
    const count = 40_000;
    const file = place.write(
      "in.jsonl",
      lines(count, () => ({ text: noise() })),
    );
    const argv = forwardTo(place, lake.endpoint, "--json", file);
    lake.script = (_request, response) => refuse(response, 404, "ChannelNotFound");
    // The channel refuses: what is read is queued until that is known.
    expect(await tributary(argv)).toMatchObject({ code: 4 });
    disk.fill();
    lake.script = accept;
    const full = await tributary(argv);
    expect(full).toMatchObject({ code: 1, stderr: "" });
    const summary = JSON.parse(full.stdout) as { queued: number; balanced: boolean; inputs: { error: string }[] };
    expect(summary).toMatchObject({ queued: 0, balanced: true });
    expect(summary.inputs[0]!.error).toContain("The disk of the state is full");
    disk.clear();
    const last = await tributary(argv);
    expect(last).toMatchObject({ code: 0, stderr: "" });
    expect(lake.stored.size).toBe(count);
    for (const copies of lake.stored.values()) expect(new Set(copies).size).toBe(1);
  },
);
