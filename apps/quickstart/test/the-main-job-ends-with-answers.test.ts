import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const examples = join(dirname(createRequire(import.meta.url).resolve("@tributary/forwarder/package.json")), "examples");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tributary-main-job-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly text: string;
}

/** Runs the main job; its temporary folders go below ours, so that what it leaves is seen. */
async function run(
  args: readonly string[],
  onText: (text: string, kill: () => void) => void = () => undefined,
): Promise<Run> {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { ...process.env, TMPDIR: folder, INIT_CWD: folder, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      onText(text, () => child.kill("SIGINT"));
    });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, text };
}

test("--once forwards every example, answers every question, ends with 0 and leaves nothing behind", async () => {
  const { code, text } = await run(["--once"]);
  expect(text).toMatch(/Okta: (\d{3,}) records read: \1 delivered\n/);
  expect(text).toMatch(/GitHub: (\d{3,}) records read: \1 delivered\n/);
  expect(text).toMatch(/CrowdStrike: (\d{3,}) records read: \1 delivered\n/);
  expect(text).toMatch(/okta\.system-log-events +493 /);
  expect(text).toContain("203.0.113.66");
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

test("it stays up until Ctrl-C, and says how to go on with the AWS CLI", async () => {
  let interrupted = false;
  const { code, text } = await run([], (soFar, kill) => {
    if (interrupted || !soFar.includes("Ctrl-C")) return;
    interrupted = true;
    kill();
  });
  expect(text).toContain("aws cloudtrail-data put-audit-events --channel-arn arn:aws:cloudtrail:");
  expect(text).toMatch(/^export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 /m);
  expect(text).toMatch(/AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+/);
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
}, 60_000);

test("--logs takes a person's own folder, and a second run on the same --data delivers nothing twice", async () => {
  const logs = join(folder, "logs");
  mkdirSync(join(logs, "okta"), { recursive: true });
  cpSync(join(examples, "okta"), join(logs, "okta"), { recursive: true });
  const first = await run(["--once", "--logs", "logs", "--data", "data"]);
  expect(first.text).toContain("Okta: 493 records read: 493 delivered");
  expect(first.text).not.toContain("GitHub:");
  const second = await run(["--once", "--logs", "logs", "--data", "data"]);
  expect(second.text).toContain("Okta: 493 records read: 493 already delivered");
  expect(second.text).toMatch(/okta\.system-log-events +493 /);
  expect([first.code, second.code]).toEqual([0, 0]);
  expect(existsSync(join(folder, "data"))).toBe(true);
}, 60_000);

test("a folder without logs it knows is refused with the names it looks for", async () => {
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, "empty", "readme.txt"), "nothing");
  const { code, text } = await run(["--once", "--logs", "empty"]);
  expect(code).toBe(1);
  expect(text).toContain("okta/ or okta.ndjson");
}, 60_000);
