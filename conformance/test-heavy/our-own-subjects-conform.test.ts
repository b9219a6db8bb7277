import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandLine as run } from "../test/command-line.ts";

const root = join(import.meta.dirname, "..", "..");
const place = mkdtempSync(join(tmpdir(), "conformance-own-"));
const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
  rmSync(place, { recursive: true, force: true });
});

const adapters = readdirSync(join(root, "packages", "adapters"));

test.each(adapters)("the adapter %s conforms", async (name) => {
  const entry = join(root, "packages", "adapters", name, "dist", "index.js");
  const { code, text } = await run([
    "adapter",
    "--adapter",
    entry,
    "--strict",
    "--quiet",
    "--runs",
    "100",
    "--seed",
    "1",
  ]);
  console.log(text.trim().split("\n").at(0));
  expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
});

test("the forwarder conforms to the profile shipper", async () => {
  const records = join(place, "records.ndjson");
  const lines = Array.from({ length: 230 }, (_, n) =>
    JSON.stringify({
      uuid: `0a1b2c3d-0000-11ee-8000-${String(n).padStart(12, "0")}`,
      published: "2026-11-01T10:00:00.000Z",
      eventType: "user.session.start",
      version: "0",
      severity: "INFO",
      displayMessage: "User login to Okta",
      actor: { id: `00u${n}`, type: "User", alternateId: `user${n}@example.com`, displayName: `Ü "${n}" \\` },
      client: { ipAddress: "192.0.2.7" },
      outcome: { result: "SUCCESS" },
      debugContext: { debugData: { text: "x".repeat(n % 10 === 9 ? 20_000 : 50) } },
      target: [],
    }),
  );
  writeFileSync(records, `${lines.join("\n")}\n`);
  const command = `"${process.execPath}" "${join(root, "apps/forwarder/dist/cli.js")}" forward --adapter okta --channel-arn "$CHANNEL_ARN" --external-id "$EXTERNAL_ID" --endpoint "$ENDPOINT" --state "$STATE" "$RECORDS"`;
  const { code, text } = await run([
    "shipper",
    "--records",
    records,
    "--command",
    command,
    "--strict",
    "--quiet",
    "--seed",
    "1",
  ]);
  console.log(text.trim());
  expect(code).toBe(0);
});

function policy(file: string, Statement: object): string {
  writeFileSync(join(place, file), JSON.stringify({ Version: "2012-10-17", Statement }));
  return join(place, file);
}

test("the lake conforms to its profiles", async () => {
  const cli = join(root, "apps/lake/dist/cli.js");
  const data = join(place, "lake");
  const identity = (account: string, name: string) => {
    const argv = [
      "identity",
      "create",
      "--data",
      data,
      "--account",
      account,
      "--name",
      name,
      "--administrator",
      "--json",
    ];
    const made: { readonly accessKeyId: string; readonly secretAccessKey: string } = JSON.parse(
      execFileSync(process.execPath, [cli, ...argv], { encoding: "utf8" }),
    );
    return `[${name}]\naws_access_key_id=${made.accessKeyId}\naws_secret_access_key=${made.secretAccessKey}\naws_account_id=${account}\n`;
  };
  const lakeCommand = (...argv: readonly string[]): string =>
    execFileSync(process.execPath, [cli, ...argv, "--data", data, "--json"], { encoding: "utf8" });
  /** A role with or without a policy, and a session of it. */
  const session = (account: string, name: string, Action?: string) => {
    const trust = { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" };
    const may =
      Action === undefined ? [] : ["--policy", policy("rights.json", { Effect: "Allow", Action, Resource: "*" })];
    const who = ["--account", account, "--name", name];
    lakeCommand("identity", "role", "create", ...who, "--trust-policy", policy("trust.json", trust), ...may);
    const made: { readonly AccessKeyId: string; readonly SecretAccessKey: string; readonly SessionToken: string } =
      JSON.parse(lakeCommand("identity", "session", "create", ...who));
    return `[${name}]\naws_access_key_id=${made.AccessKeyId}\naws_secret_access_key=${made.SecretAccessKey}\naws_session_token=${made.SessionToken}\n`;
  };
  const credentials = join(place, "credentials");
  writeFileSync(
    credentials,
    identity("111122223333", "owner") +
      identity("444455556666", "partner") +
      session("111122223333", "night-shipper") +
      session("444455556666", "shipper", "cloudtrail-data:PutAuditEvents"),
    { mode: 0o600 },
  );
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = credentials;
  const port = await freePort();
  const lake = spawn(process.execPath, [cli, "serve", "--data", data, "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  ends.push(() => lake.kill("SIGKILL"));
  await new Promise((resolve) => lake.stdout.once("data", resolve));
  const at = ["--endpoint", `http://127.0.0.1:${port}`, "--owner", "owner", "--other-account", "partner"];
  const roles = ["--role", "night-shipper", "--other-role", "shipper"];
  // The quotas come last: what they fill stays full. The lake has no stores of management events.
  for (const [profile, more, skipped] of [
    ["ingest", [], 0],
    ["policy", [], 0],
    ["query", [], 0],
    ["channels", ["--quotas"], 3],
  ] as const) {
    const { code, text } = await run([profile, ...more, ...at, ...roles, "--yes", "--strict", "--quiet"]);
    console.log(text.trim());
    expect(code).toBe(0);
    expect(text.match(/not claimed: /g) ?? []).toHaveLength(skipped);
    expect(text.match(/not claimed: a store of management events/g) ?? []).toHaveLength(skipped);
  }
});

test("what the suite runs is built", () => {
  expect(existsSync(join(root, "apps/forwarder/dist/cli.js"))).toBe(true);
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
