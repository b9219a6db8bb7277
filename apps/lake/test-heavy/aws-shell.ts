import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Key } from "./lake-process.ts";

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a command can be run here. */
export function installed(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args).status === 0;
}

/**
 * The environment of an AWS client of the lake at `url`, with nothing of this machine's own configuration: `folder` is its home.
 * Without a key, it has none but what a profile names.
 */
export function awsEnvironment(
  url: string,
  folder: string,
  key?: Key & { readonly sessionToken?: string },
): Environment {
  return {
    ...process.env,
    HOME: folder,
    AWS_ACCESS_KEY_ID: key?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key?.secretAccessKey,
    AWS_SESSION_TOKEN: key?.sessionToken,
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_ENDPOINT_URL: url,
    AWS_MAX_ATTEMPTS: "1",
    AWS_PAGER: "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "no-config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-credentials"),
  };
}

/** Runs a line of shell, as a user pastes it. */
export function shell(line: string, env: Environment): Ended {
  return spawnSync("bash", ["-c", line], { encoding: "utf8", env, timeout: 120_000 });
}

/** What the line printed, read as JSON; a failure of it is thrown. */
export function answerOf<T>(line: string, env: Environment): T {
  const done = shell(line, env);
  if (done.status !== 0) throw new Error(`${line}\n${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}
