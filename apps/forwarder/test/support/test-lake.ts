import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve, type ServeOptions } from "@tributary/lake";

export const account = "111122223333";
export const otherAccount = "444455556666";
export const region = "us-east-1";

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A real lake on a free port of this machine, in a folder of its own. */
export interface TestLake {
  readonly url: string;
  /** Makes a user. Without a policy the first one of an account is its administrator. */
  key(accountId: string, name: string, policy?: object): Promise<Key>;
  /** What a command needs in its environment to speak to the lake as that user. */
  env(key: Key): Record<string, string>;
  close(): Promise<void>;
}

export async function testLake(more: Partial<ServeOptions> = {}): Promise<TestLake> {
  const data = mkdtempSync(join(tmpdir(), "tributary-lake-"));
  const make = (...argv: string[]) => lakeCommand(["identity", "create", "--data", data, "--json", ...argv]);
  // The folder is made with its first user.
  await make("--account", "999999999999", "--name", "first");
  const lake = await serve({ data, region, host: "127.0.0.1", port: 0, log: () => undefined, ...more });
  let files = 0;
  return {
    url: lake.url,
    async key(accountId, name, policy) {
      const file = join(data, `policy-${files++}.json`);
      if (policy !== undefined) writeFileSync(file, JSON.stringify(policy));
      const options = policy === undefined ? [] : ["--policy", file];
      const key: Key = JSON.parse(await make("--account", accountId, "--name", name, ...options));
      return key;
    },
    env: ({ accessKeyId, secretAccessKey }) => ({
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_ENDPOINT_URL: lake.url,
    }),
    async close() {
      await lake.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const lakeCli = fileURLToPath(new URL("cli.js", import.meta.resolve("@tributary/lake")));

function lakeCommand(argv: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [lakeCli, ...argv], { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(stdout) : reject(new Error(stderr))));
  });
}

/** An identity policy that allows everything but some actions. */
export const allBut = (...actions: readonly string[]): object => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "*", Resource: "*" },
    { Effect: "Deny", Action: actions, Resource: "*" },
  ],
});
