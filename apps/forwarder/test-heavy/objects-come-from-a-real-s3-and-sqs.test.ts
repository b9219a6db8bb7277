import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { tributary } from "../test/support/command.ts";
import { config, run, toy, until } from "../test/support/running.ts";
import { accept, scriptedServer, type ScriptedServer } from "../test/support/scripted-server.ts";
import { scene } from "../test/support/scene.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const hasMoto =
  spawnSync("moto_server", ["--help"]).status === 0 && spawnSync("python3", ["-c", "import boto3, moto"]).status === 0;
if (!hasMoto) console.log("skipped: moto's server and boto3 are not installed");

const script = fileURLToPath(new URL("s3-and-sqs.py", import.meta.url));
const credentials = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "an-example-secret" };

let lake: ScriptedServer;
let moto: ChildProcess | undefined;
let url: string;

function python<T>(...args: readonly string[]): T {
  const env = { PATH: process.env["PATH"], HOME: "/nonexistent", S3_URL: url, ...credentials };
  const done = spawnSync("python3", [script, ...args], { encoding: "utf8", env, timeout: 120_000 });
  if (done.status !== 0) throw new Error(done.stderr);
  const answer: T = JSON.parse(done.stdout);
  return answer;
}

beforeAll(async () => {
  lake = await scriptedServer();
  if (!hasMoto) return;
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  moto = child;
  url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${String(code)}: ${text}`)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text = text.slice(-10_000) + chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
});
beforeEach(() => {
  lake.script = accept;
  lake.stored.clear();
});
afterAll(async () => {
  moto?.kill();
  await lake.close();
});

test.skipIf(!hasMoto)(
  "notices of a real bucket in a real queue, and then the same bucket listed: every record once, no message left",
  async () => {
    using place = scene();
    const { queue } = python<{ readonly queue: string }>("prepare");
    python("put", "2026/01/01/plain.jsonl", "0", "1500", "plain");
    python("put", "2026/01/01/a b/é+ü&c.jsonl.gz", "2000", "700", "gzip");
    python("put", "2026/01/01/soon-gone.jsonl", "9000", "5", "plain");
    python("delete", "2026/01/01/soon-gone.jsonl");
    // Another version of the same key: both are read.
    python("put", "2026/01/01/again.jsonl", "3000", "10", "plain");
    python("put", "2026/01/01/again.jsonl", "3100", "10", "plain");
    python("send", "hello?");
    const s3 = `    s3: {queue: "${queue.replace(/^https?:\/\/[^/]+/, url)}", endpoint: "${url}", region: us-east-1}`;
    const file = place.write("tributary.yaml", config(toy("a", lake.endpoint, s3)));
    const first = run(place, file);
    await until(() => lake.stored.size > 0);
    first.kill("SIGKILL");
    await first.ended;
    // The next one does not wait for what the dead one holds: more comes.
    const running = run(place, file);
    python("put", "2026/01/02/later.jsonl", "4000", "20", "plain");
    const { left } = python<{ readonly left: number }>("count");
    console.log(`${left} messages after the kill`);
    await until(() => lake.stored.has("m-4019"));
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });

    // What the killed process held is hidden for minutes: the listing finds the rest, and what is known is not sent again.
    const listed = place.write(
      "listed.yaml",
      config(
        toy("a", lake.endpoint, `    s3: {bucket: audit-logs, prefix: 2026/, endpoint: "${url}", pollSeconds: 5}`),
      ),
    );
    const lister = run(place, listed);
    const wanted = [...numbers(0, 1500), ...numbers(2000, 700), ...numbers(3100, 10), ...numbers(4000, 20)];
    await until(() => wanted.every((id) => lake.stored.has(id)));
    lister.kill("SIGTERM");
    expect(await lister.ended).toMatchObject({ code: 0 });
    for (const [id, copies] of lake.stored) {
      expect(Number(id.slice(2))).toBeLessThan(9000 + 5);
      expect(new Set(copies).size).toBe(1);
    }
    const { stdout } = await tributary(["dlq", "ls", "--json", "--state", place.statePath]);
    const dead = stdout.trim() === "" ? 0 : stdout.trim().split("\n").length;
    expect(dead).toBeLessThanOrEqual(1);
  },
);

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => `m-${from + n}`);

test.skipIf(!hasMoto)(
  "undisturbed, the queue is empty at the end, and a versioned key is read in each of its versions",
  async () => {
    using place = scene();
    const { queue } = python<{ readonly queue: string }>("prepare");
    python("many", "many/", "20000", "25");
    const s3 = `    s3: {queue: "${queue.replace(/^https?:\/\/[^/]+/, url)}", endpoint: "${url}", region: us-east-1, bucket: audit-logs, prefix: many/}`;
    const running = run(place, place.write("tributary.yaml", config(toy("a", lake.endpoint, s3))));
    await until(() => lake.stored.size === 260);
    await until(() => python<{ readonly left: number }>("count").left <= heldByTheDead());
    running.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 0 });
    expect([...lake.stored.values()].every((copies) => copies.length === 1)).toBe(true);
  },
);

/** Messages that the killed process of the test before holds. */
const heldByTheDead = () => 10;
