import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CloudTrailClient, ListChannelsCommand } from "@aws-sdk/client-cloudtrail";
import { afterAll, expect, test, vi } from "vitest";
import { account, run } from "./test-lake.ts";

vi.setConfig({ testTimeout: 60_000 });
const data = mkdtempSync(join(tmpdir(), "tributary-trace-"));
afterAll(() => rmSync(data, { recursive: true, force: true }));
const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));

async function done<T>(line: string, ...more: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await run([...line.split(" "), "--data", data, "--json", ...more]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as T;
}
interface Session {
  readonly AccessKeyId: string;
  readonly SecretAccessKey: string;
  readonly SessionToken: string;
}
const newSession = (): Promise<Session> =>
  done<Session>(`identity session create --account ${account} --name shipper --duration 900`);

test("two hundred sessions change nothing in the data directory; no secret or token is in a log or a file", async () => {
  const alice = await done<{ accessKeyId: string; secretAccessKey: string }>(
    `identity create --account ${account} --name alice`,
  );
  const file = (name: string, statement: object): string => {
    const path = join(data, name);
    writeFileSync(path, JSON.stringify({ Version: "2012-10-17", Statement: statement }));
    return path;
  };
  await done(
    `identity role create --account ${account} --name shipper`,
    "--trust-policy",
    file("trust.json", { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" }),
    "--policy",
    file("policy.json", { Effect: "Allow", Action: "*", Resource: "*" }),
  );
  const before = (await run(["identity", "role", "list", "--data", data, "--json"])).stdout;
  const sizes = (): readonly unknown[] =>
    readdirSync(data)
      .filter((name) => name.startsWith("catalog"))
      .map((name) => [name, statSync(join(data, name)).size]);
  const size = sizes();
  const sessions: Session[] = [];
  for (let made = 0; made < 200; made++) sessions.push(await newSession());
  expect(sizes()).toEqual(size);
  expect((await run(["identity", "role", "list", "--data", data, "--json"])).stdout).toBe(before);

  const args = [cli, "serve", "--data", data, "--port", "0", "--json", "--access-log", "-"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk));
  const ended = new Promise((resolve) => void child.once("close", resolve));
  await expect.poll(() => output, { timeout: 30_000 }).toContain('"listening"');
  const endpoint = /"url":"([^"]+)"/.exec(output)![1]!;
  const list = (accessKeyId: string, secretAccessKey: string, sessionToken?: string): Promise<string> =>
    new CloudTrailClient({
      region: "us-east-1",
      endpoint,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    })
      .send(new ListChannelsCommand({}))
      .then(
        () => "accepted",
        (error: Error) => error.name,
      );
  const [one, two] = sessions as [Session, Session];
  expect(await list(alice.accessKeyId, alice.secretAccessKey)).toBe("accepted");
  expect(await list(one.AccessKeyId, one.SecretAccessKey, one.SessionToken)).toBe("accepted");
  expect(await list(one.AccessKeyId, two.SecretAccessKey, one.SessionToken)).toBe("InvalidSignatureException");
  expect(await list(one.AccessKeyId, one.SecretAccessKey, two.SessionToken)).toBe("UnrecognizedClientException");
  expect(await list(alice.accessKeyId, one.SecretAccessKey)).toBe("InvalidSignatureException");
  child.kill("SIGTERM");
  await ended;

  expect(output).toContain('"ListChannels"');
  expect(output).toContain("assumed-role/shipper/host");
  const masterKey = readFileSync(join(data, "master.key"), "utf8").trim();
  const canaries = [one, two].flatMap(({ SecretAccessKey, SessionToken }) => [SecretAccessKey, SessionToken]);
  for (const canary of [masterKey, alice.secretAccessKey, ...canaries]) {
    expect(output.includes(canary)).toBe(false);
    for (const name of readdirSync(data, { recursive: true }) as string[]) {
      const path = join(data, name);
      if (!statSync(path).isFile() || (canary === masterKey && name === "master.key")) continue;
      expect({ name, found: readFileSync(path).includes(canary) }).toEqual({ name, found: false });
    }
  }
});
