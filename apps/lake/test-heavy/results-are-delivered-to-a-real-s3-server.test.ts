import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DescribeQueryCommand, StartQueryCommand } from "@aws-sdk/client-cloudtrail";
import { expect, test } from "vitest";
import { awsEnvironment, installed } from "./aws-shell.ts";
import { controlClient, makeStoreAndChannel } from "./control-client.ts";
import { type Key, createIdentity, startLake } from "./lake-process.ts";

const hasMoto = installed("moto_server", "--help") && installed("python3", "-c", "import boto3, cryptography");
if (!hasMoto) console.log("skipped: moto's server and boto3 are not installed");

const script = fileURLToPath(new URL("boto3-delivery.py", import.meta.url));
const account = "111122223333";

/** Calls of boto3-delivery.py's `prepare`; from then on the server checks signatures and policies. */
const callsBeforeChecks = "4";

async function startMoto(): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const env = { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: callsBeforeChecks };
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { env, stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${String(code)}: ${text}`)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text = text.slice(-10_000) + chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  return { child, url };
}

const statement = (storeId: string, bucket: string): StartQueryCommand =>
  new StartQueryCommand({
    QueryStatement: `SELECT count(*) AS n FROM ${storeId}`,
    DeliveryS3Uri: `s3://${bucket}/team=a/o'k(1)`,
  });

test.skipIf(!hasMoto)("an S3 server that checks signatures takes a delivery, and boto3 reads it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-s3-server-"));
  const s3 = await startMoto();
  const python = <T>(key: Key, ...args: readonly string[]): T => {
    const env = { ...awsEnvironment("", folder, key), AWS_ENDPOINT_URL: undefined, S3_URL: s3.url };
    const done = spawnSync("python3", [script, ...args], { encoding: "utf8", env, timeout: 120_000 });
    if (done.status !== 0) throw new Error(done.stderr);
    return JSON.parse(done.stdout) as T;
  };
  const owner = python<Key>({ accessKeyId: "AKIANOTCHECKEDYET000", secretAccessKey: "x" }, "prepare");
  const data = join(folder, "lake");
  const admin = createIdentity(data, account, "admin");
  const buckets = join(folder, "buckets.json");
  writeFileSync(buckets, JSON.stringify({ [account]: ["audit-results", "absent"] }));
  const args = ["--delivery-s3-endpoint", s3.url, "--delivery-buckets", buckets];
  const startWith = (secret: string) =>
    startLake(data, {
      args,
      under: ["env", `AWS_ACCESS_KEY_ID=${owner.accessKeyId}`, `AWS_SECRET_ACCESS_KEY=${secret}`],
    });
  try {
    let lake = await startWith(owner.secretAccessKey);
    let storeId: string;
    try {
      const client = controlClient(lake.url, admin);
      ({ storeId } = await makeStoreAndChannel(client, "events"));
      const { QueryId } = await client.send(statement(storeId, "audit-results"));
      const status = async (): Promise<string | undefined> =>
        (await client.send(new DescribeQueryCommand({ QueryId }))).DeliveryStatus;
      await expect.poll(status, { timeout: 120_000, interval: 200 }).not.toBe("PENDING");
      expect(await status()).toBe("SUCCESS");
      const prefix = `team=a/o'k(1)/AWSLogs/${account}/CloudTrail-Lake/Query/`;
      const found = python<{ readonly keys: readonly string[]; readonly text: string }>(
        owner,
        "check",
        prefix,
        lake.url,
        admin.accessKeyId,
        admin.secretAccessKey,
      );
      expect(found.keys.map((key) => key.split("/").at(-1))).toEqual(["result_1.csv.gz", "result_sign.json"]);
      expect(found.keys.every((key) => key.includes(`/${QueryId}/`))).toBe(true);
      expect(found.text).toBe("n\r\n0\r\n");
      await expect(client.send(statement(storeId, "absent"))).rejects.toMatchObject({
        name: "S3BucketDoesNotExistException",
      });
      client.destroy();
    } finally {
      await lake.stop();
    }
    // So the server does check what it took.
    lake = await startWith("another secret");
    try {
      const client = controlClient(lake.url, admin);
      await expect(client.send(statement(storeId, "audit-results"))).rejects.toMatchObject({
        name: "InsufficientS3BucketPolicyException",
      });
      client.destroy();
    } finally {
      await lake.stop();
    }
  } finally {
    s3.child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});
