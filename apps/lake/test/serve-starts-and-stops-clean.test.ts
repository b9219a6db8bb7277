import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { request } from "node:http";
import { Agent } from "node:https";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CloudTrailClient, ListChannelsCommand } from "@aws-sdk/client-cloudtrail";
import { afterAll, expect, test, vi } from "vitest";
import { serve } from "../src/serve/serve.ts";
import { TestLake, entry, run } from "./test-lake.ts";

// Processes start and stop here, on machines that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const folder = mkdtempSync(join(tmpdir(), "tributary-serve-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
let directories = 0;
const newDirectory = (): string => join(folder, `d${directories++}`);

interface Started {
  readonly child: ChildProcess;
  readonly line: string;
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

async function start(...args: string[]): Promise<Started> {
  const child = spawn(process.execPath, [cli, "serve", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stderr: string }>(
    (resolve) => void child.once("close", (code) => resolve({ code, stderr })),
  );
  const line = await Promise.race([
    new Promise<string>((resolve) => void child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))),
    ended.then(() => ""),
  ]);
  return { child, line, ended };
}

test("one line says where it listens, also as JSON; the directory is the owner's alone", async () => {
  const data = newDirectory();
  const plain = await start("--data", data, "--port", "0");
  expect(plain.line).toMatch(/^listening on http:\/\/127\.0\.0\.1:\d+\n$/);
  expect(process.platform === "win32" ? 0o700 : statSync(data).mode & 0o777).toBe(0o700);
  plain.child.kill("SIGTERM");
  expect((await plain.ended).code).toBe(0);
  const json = await start("--data", data, "--port", "0", "--json");
  expect(JSON.parse(json.line)).toMatchObject({
    event: "listening",
    url: expect.stringMatching(/^http:\/\/127/),
    region: "us-east-1",
  });
  json.child.kill("SIGINT");
  expect((await json.ended).code).toBe(0);
});

test.skipIf(process.platform === "win32")("whatever the umask, others write nothing of a lake's", async () => {
  const data = newDirectory();
  const umask = process.umask(0);
  let lake: Started;
  try {
    lake = await start("--data", data, "--port", "0");
  } finally {
    process.umask(umask);
  }
  lake.child.kill("SIGTERM");
  expect((await lake.ended).code).toBe(0);
  const found = readdirSync(data, { recursive: true, encoding: "utf8" });
  expect(found).toEqual(expect.arrayContaining(["catalog.sqlite", "master.key", "objects"]));
  expect(found.filter((path) => (statSync(join(data, path)).mode & 0o022) !== 0)).toEqual([]);
});

test("a second lake on the same directory is refused, and a killed one frees it", async () => {
  const data = newDirectory();
  const first = await start("--data", data, "--port", "0");
  const second = await (await start("--data", data, "--port", "0")).ended;
  expect(second).toMatchObject({ code: 3, stderr: expect.stringContaining("Another lake serves the data directory") });
  first.child.kill("SIGKILL");
  await first.ended;
  const third = await start("--data", data, "--port", "0");
  expect(third.line).toContain("listening");
  third.child.kill("SIGTERM");
  await third.ended;
});

test("without TLS it listens on loopback only, unless told otherwise", async () => {
  await expect(serve({ data: newDirectory(), region: "us-east-1", host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
    code: "NOT_LOOPBACK",
  });
  const lake = await serve({ data: newDirectory(), region: "us-east-1", host: "0.0.0.0", port: 0, insecure: true });
  await lake.close();
});

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
test.skipIf(!hasOpenssl)("with TLS it speaks TLS, and policies see it", async () => {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"];
  expect(
    spawnSync("openssl", [
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "1",
      "-keyout",
      key,
      "-out",
      cert,
      ...subject,
    ]).status,
  ).toBe(0);
  const data = newDirectory();
  const policy = join(folder, "secure-only.json");
  const secureOnly = {
    Effect: "Allow",
    Action: "cloudtrail:ListChannels",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "true" } },
  };
  writeFileSync(policy, JSON.stringify({ Version: "2012-10-17", Statement: [secureOnly] }));
  await run(["identity", "create", "--data", data, "--account", "111122223333", "--name", "admin"]);
  const created = await run([
    "identity",
    "create",
    "--data",
    data,
    "--account",
    "111122223333",
    "--name",
    "ann",
    "--policy",
    policy,
    "--json",
  ]);
  const credentials = JSON.parse(created.stdout) as { accessKeyId: string; secretAccessKey: string };
  const statusOver = async (tls: { cert: Buffer; key: Buffer } | undefined): Promise<number | undefined> => {
    const lake = await serve({ data, region: "us-east-1", host: "127.0.0.1", port: 0, tls });
    const client = new CloudTrailClient({
      region: "us-east-1",
      endpoint: lake.url,
      credentials,
      maxAttempts: 1,
      requestHandler: { httpsAgent: new Agent({ ca: readFileSync(cert) }) },
    });
    const answer = await client.send(new ListChannelsCommand({})).catch((error: unknown) => error);
    client.destroy();
    await lake.close();
    return (answer as { $metadata: { httpStatusCode?: number } }).$metadata.httpStatusCode;
  };
  expect(await statusOver({ cert: readFileSync(cert), key: readFileSync(key) })).toBe(200);
  expect(await statusOver(undefined)).toBe(403);
});

test("a reader of its output that goes away does not stop it", async () => {
  const { child, line, ended } = await start("--data", newDirectory(), "--port", "0", "--json");
  child.stdout!.destroy();
  child.stderr!.destroy();
  const { url } = JSON.parse(line) as { url: string };
  const answer = await fetch(url, { method: "POST" });
  expect(answer.status).toBe(403);
  child.kill("SIGTERM");
  expect((await ended).code).toBe(0);
});

test("what was accepted before the stop is answered, and nothing hangs", async () => {
  const lake = await TestLake.start();
  const channelArn = await lake.channel([await lake.store()]);
  const idle = connect(Number(new URL(lake.url).port), "127.0.0.1");
  const idleClosed = new Promise<void>((resolve) => void idle.once("close", () => resolve()));
  idle.on("error", () => undefined).resume();
  const answers = Array.from({ length: 20 }, (_, at) => lake.put(channelArn, [entry(`e${at}`)]));
  await Promise.race(answers);
  const closed = lake.lake.close();
  const settled = await Promise.allSettled(answers);
  await closed;
  await idleClosed;
  const odd = settled.filter((answer) =>
    answer.status === "fulfilled"
      ? answer.value.status !== 200 || !answer.value.text.includes('"failed":[]')
      : !/ECONNREFUSED|ECONNRESET/.test(String(answer.reason)),
  );
  expect(odd).toEqual([]);
  expect(settled.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
  await expect(new Promise((_, reject) => void request(lake.url).on("error", reject).end())).rejects.toThrow(
    /ECONNREFUSED/,
  );
  rmSync(lake.data, { recursive: true, force: true });
});

test.each([
  [[], 2, /tributary-lake serve/],
  [["--help"], 0, /exit codes/],
  [["serve", "--help"], 0, /--tls-cert/],
  [["fly"], 2, /no command "fly"/],
  [["serve"], 2, /--data is missing/],
  [["serve", "--data", "x", "--port", "abc"], 2, /--port/],
  [["serve", "--data", "x", "--account", "1"], 2, /no option --account/],
  [["serve", "--data", "x", "--tls-cert", "c"], 2, /go together/],
  [["serve", "--nothing"], 2, /--nothing/],
  [["identity", "create", "--data", "DATA", "--account", "123", "--name", "a"], 1, /12 digits/],
  [["identity", "create", "--data", "DATA", "--account", "111122223333", "--name", "a b"], 1, /1 to 64/],
  [
    ["identity", "create", "--data", "DATA", "--account", "111122223333", "--name", "ann", "--policy", "/nonexistent"],
    1,
    /cannot be read/,
  ],
  [
    [
      "identity",
      "policy",
      "put",
      "--data",
      "DATA",
      "--account",
      "111122223333",
      "--name",
      "nobody",
      "--policy",
      "FILE",
    ],
    1,
    /There is no lake in/,
  ],
])("the command line %j ends with %i", async (args, code, text) => {
  const data = newDirectory();
  const done = await run(args.map((arg) => (arg === "DATA" ? data : arg === "FILE" ? cli : arg)));
  expect(done.code).toBe(code);
  expect(done.stdout + done.stderr).toMatch(text);
});

test("the first identity of an account is its administrator, later ones are not; secrets are shown once", async () => {
  const data = newDirectory();
  const create = async (
    accountId: string,
    name: string,
  ): Promise<{ administrator: boolean; secretAccessKey: string; accessKeyId: string }> =>
    JSON.parse(
      (await run(["identity", "create", "--data", data, "--account", accountId, "--name", name, "--json"])).stdout,
    ) as never;
  const alice = await create("111122223333", "alice");
  expect(alice).toMatchObject({
    administrator: true,
    accessKeyId: expect.stringMatching(/^TRIB[A-Z2-7]{16}$/),
    secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
  });
  expect(await create("111122223333", "bob")).toMatchObject({ administrator: false });
  expect(await create("444455556666", "carol")).toMatchObject({ administrator: true });
  expect(await run(["identity", "create", "--data", data, "--account", "111122223333", "--name", "bob"])).toMatchObject(
    { code: 1, stderr: expect.stringContaining("already an identity bob") },
  );
  const list = await run(["identity", "list", "--data", data]);
  expect(list.stdout.split("\n").filter(Boolean)).toHaveLength(3);
  expect(list.stdout).toContain(alice.accessKeyId);
  expect(list.stdout).not.toContain(alice.secretAccessKey);
});
