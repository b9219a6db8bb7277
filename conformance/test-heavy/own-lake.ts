import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/**
 * Starts the lake with two accounts and two roles' sessions, whose credentials become this process's profiles. Answers the arguments of
 * the command line for a profile of it. @param place a folder for its data
 */
export async function startOwnLake(
  place: string,
): Promise<{ readonly argv: readonly string[]; readonly end: () => void }> {
  const cli = join(import.meta.dirname, "../../apps/lake/dist/cli.js");
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
  const policyFile = (file: string, Statement: object): string => {
    writeFileSync(join(place, file), JSON.stringify({ Version: "2012-10-17", Statement }));
    return join(place, file);
  };
  /** A role with or without a policy, and a session of it. */
  const session = (account: string, name: string, Action?: readonly string[]) => {
    const trust = { Effect: "Allow", Principal: { AWS: account }, Action: "sts:AssumeRole" };
    const may =
      Action === undefined ? [] : ["--policy", policyFile("rights.json", { Effect: "Allow", Action, Resource: "*" })];
    const who = ["--account", account, "--name", name];
    lakeCommand("identity", "role", "create", ...who, "--trust-policy", policyFile("trust.json", trust), ...may);
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
      session("444455556666", "shipper", ["cloudtrail-data:PutAuditEvents", "cloudtrail:*Quer*"]),
    { mode: 0o600 },
  );
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = credentials;
  const port = await freePort();
  const lake = spawn(process.execPath, [cli, "serve", "--data", data, "--port", String(port)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((resolve) => lake.stdout.once("data", resolve));
  const who = ["--owner", "owner", "--other-account", "partner", "--role", "night-shipper", "--other-role", "shipper"];
  return { argv: ["--endpoint", `http://127.0.0.1:${port}`, ...who], end: () => void lake.kill("SIGKILL") };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
