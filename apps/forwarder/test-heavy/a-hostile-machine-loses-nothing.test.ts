import { spawn, spawnSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cli, tributary } from "../test/support/command.ts";
import { fakeVendor, toyEvents } from "../test/support/fake-vendor.ts";
import { forwardTo } from "../test/support/forward-to.ts";
import { canary, config, polls, run, toy, until } from "../test/support/running.ts";
import { accept, scriptedServer, type ScriptedServer } from "../test/support/scripted-server.ts";
import { lines, scene, type Scene } from "../test/support/scene.ts";
import { smallDisk } from "./small-disk.ts";

const isLinux = process.platform === "linux";
const hasFaketime = isLinux && spawnSync("faketime", ["--version"]).status === 0;
if (!hasFaketime) console.log("faketime is not installed: jumps of the clock are skipped");

let lake: ScriptedServer;
let place: Scene;
beforeEach(async () => {
  lake = await scriptedServer();
  place = scene();
});
afterEach(async () => {
  await lake.close();
  place[Symbol.dispose]();
});

const environment = {
  PATH: process.env["PATH"]!,
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "an-example-secret",
  AWS_EC2_METADATA_DISABLED: "true",
  TOKEN: canary,
};

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `tributary` by a shell, within limits of its own. */
function shell(script: string, argv: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn("sh", ["-c", script, process.execPath, cli, ...argv], { env: { ...environment, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

const everyCopyOnce = () => [...lake.stored.values()].every((copies) => new Set(copies).size === 1);

test.runIf(isLinux)(
  "64 file descriptors: 200 files and as many connections as it likes are forwarded all the same",
  async () => {
    const files = Array.from({ length: 200 }, (_, n) =>
      place.write(
        `${n}.jsonl`,
        lines(20, (m) => ({ id: `${n}-${m}` })),
      ),
    );
    const ended = await shell('ulimit -n 64; exec "$0" "$@"', forwardTo(place, lake.endpoint, "--json", ...files));
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(lake.stored.size).toBe(4000);
  },
);

test.runIf(isLinux)("too few file descriptors to work with: a clear error, and nothing is lost", async () => {
  const file = place.write("in.jsonl", lines(2000));
  const ended = await shell('ulimit -n 24; exec "$0" "$@"', forwardTo(place, lake.endpoint, "--json", file));
  expect(ended.code).not.toBe(0);
  expect(await tributary(forwardTo(place, lake.endpoint, "--json", file))).toMatchObject({ code: 0 });
  expect(lake.stored.size).toBe(2000);
  expect(everyCopyOnce()).toBe(true);
});

test("a heap of 64 MB: 100,000 records of a slow lake do not need more", async () => {
  lake.script = (request, response) => void setTimeout(() => accept.call(lake, request, response), 5);
  const file = place.write(
    "in.jsonl",
    lines(100_000, () => ({ text: "t".repeat(300) })),
  );
  const script = 'exec "$0" --max-old-space-size=64 "$@"';
  const ended = await shell(script, forwardTo(place, lake.endpoint, "--json", file));
  expect(ended).toMatchObject({ code: 0, stderr: "" });
  expect(lake.stored.size).toBe(100_000);
});

test.runIf(isLinux)("a log that nobody reads (| head -1) stops no delivery", async () => {
  const vendor = await fakeVendor(toyEvents(500));
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const argv = ["run", "--config", file, "--state", place.statePath, "--log", "json", "--client", "built-in"];
  const child = spawn("sh", ["-c", '"$0" "$@" 2>&1 | head -1', process.execPath, cli, ...argv], {
    env: environment,
    detached: true,
  });
  await until(() => lake.stored.size === 500);
  vendor.events.push(...toyEvents(500, 500));
  await until(() => lake.stored.size === 1000);
  process.kill(-child.pid!, "SIGTERM");
  await new Promise((resolve) => child.on("close", resolve));
  expect(everyCopyOnce()).toBe(true);
  await vendor.close();
});

test("a summary that nobody reads (| true) still has forwarded all", async () => {
  const file = place.write("in.jsonl", lines(2000));
  await shell('"$0" "$@" | true', forwardTo(place, lake.endpoint, file));
  await until(() => lake.stored.size === 2000);
  expect(everyCopyOnce()).toBe(true);
});

test.runIf(isLinux)("stopped for seconds and continued, it goes on where it was", async () => {
  const vendor = await fakeVendor(toyEvents(3000));
  lake.script = (request, response) => void setTimeout(() => accept.call(lake, request, response), 10);
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const running = run(place, file);
  await until(() => lake.stored.size > 200);
  for (let time = 0; time < 4; time++) {
    running.kill("SIGSTOP");
    await wait(400);
    running.kill("SIGCONT");
    await wait(100);
  }
  await until(() => lake.stored.size === 3000);
  running.kill("SIGTERM");
  expect(await running.ended).toMatchObject({ code: 0 });
  expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  await vendor.close();
});

test.runIf(hasFaketime).each(["+10y", "-10y", "+1h", "-1h"])(
  "a clock that jumps by %s between two runs: order, ids and bytes stay, nothing is lost or sent twice",
  async (jump) => {
    const file = place.write(
      "in.jsonl",
      lines(3000, (n) => (n % 5 === 0 ? { id: undefined, what: "same" } : {})),
    );
    const argv = forwardTo(place, lake.endpoint, "--json", file);
    let requests = 0;
    lake.script = (request, response) => {
      if (++requests > 12) response.destroy();
      else accept.call(lake, request, response);
    };
    await tributary([...argv, "--max-attempts", "1"]);
    lake.script = accept;
    const ended = await shell(`exec faketime -f '${jump}' "$0" "$@"`, argv);
    expect(ended).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(ended.stdout)).toMatchObject({ queued: 0, changed: 0, balanced: true });
    expect(lake.stored.size).toBe(3000);
    expect(everyCopyOnce()).toBe(true);
  },
);

test.runIf(hasFaketime)("a clock that runs away by a minute each second while it works changes nothing", async () => {
  const vendor = await fakeVendor(toyEvents(2000));
  const file = place.write("tributary.yaml", config(toy("toy", lake.endpoint, polls(vendor.url))));
  const argv = ["run", "--config", file, "--state", place.statePath, "--log", "json", "--client", "built-in"];
  const child = spawn("faketime", ["-f", "+0 x60", process.execPath, cli, ...argv], {
    env: { ...environment, DONT_FAKE_MONOTONIC: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" },
    detached: true,
  });
  await until(() => lake.stored.size === 2000);
  process.kill(-child.pid!, "SIGTERM");
  await new Promise((resolve) => child.on("close", resolve));
  expect(everyCopyOnce()).toBe(true);
  await vendor.close();
});

const disk = smallDisk("64m");
test.skipIf(!disk)(
  "a file system that turns read-only: a clear error, and it goes on when it can be written again",
  async () => {
    using small = disk!;
    const there = { ...place, statePath: `${small.path}/state/forwarder.db` };
    const file = place.write("in.jsonl", lines(2000));
    const argv = forwardTo(there, lake.endpoint, "--json", file);
    expect(await tributary(argv)).toMatchObject({ code: 0 });
    small.remount("ro");
    const other = place.write(
      "other.jsonl",
      lines(2000, (n) => ({ id: `other-${n}` })),
    );
    const ended = await tributary([...argv, other]);
    expect(ended.code).toBe(5);
    expect(ended.stderr).toContain("The state cannot be opened for writing: EROFS");
    small.remount("rw");
    expect(await tributary([...argv, other])).toMatchObject({ code: 0 });
    expect(lake.stored.size).toBe(4000);
  },
);
