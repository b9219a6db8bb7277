import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const faultyLake = fileURLToPath(new URL("faulty-lake.ts", import.meta.url));

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Runs a command of the command line with `--json` and answers what it printed. */
export function lakeCommand<T>(data: string, ...args: readonly string[]): T {
  const done = spawnSync(process.execPath, [cli, ...args, "--data", data, "--json"], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${String(done.status)}: ${done.stderr}`);
  return JSON.parse(done.stdout) as T;
}

/** Makes an identity with the command that users have. */
export function createIdentity(data: string, account: string, name: string, ...more: readonly string[]): Key {
  return lakeCommand<Key>(data, "identity", "create", "--account", account, "--name", name, ...more);
}

export interface LakeProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** Kills the whole process group, or the main process alone, and waits for the main process's end. */
  kill(whom: "group" | "main"): Promise<void>;
  /** Kills one of its ingest processes. */
  killWorker(): void;
  stop(): Promise<void>;
}

/** Faults that faulty-lake.ts can plant. */
export type PlantedFault = "answers-before-commit" | "synchronous-off" | "keeps-duplicates" | "hasty";

/** Starts a lake in a process group of its own; `under` is a command that runs it. */
export async function startLake(
  data: string,
  options: {
    readonly fault?: PlantedFault | undefined;
    readonly args?: readonly string[];
    readonly under?: readonly string[];
  } = {},
): Promise<LakeProcess> {
  const [command, ...args] = [
    ...(options.under ?? []),
    process.execPath,
    options.fault === undefined ? cli : faultyLake,
    "serve",
    "--data",
    data,
    "--port",
    "0",
    "--json",
    ...(options.args ?? []),
  ];
  const env = { ...process.env, ...(options.fault !== undefined && { PLANTED_FAULT: options.fault }) };
  const child = spawn(command!, args, { env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`the lake ended with ${String(code)} before it was ready`)));
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const line = text.split("\n").find((one) => one.startsWith("{") && one.endsWith("}") && one.includes('"url"'));
      if (line !== undefined) resolve((JSON.parse(line) as { url: string }).url);
    });
  });
  return {
    child,
    url,
    kill: async (whom) => {
      process.kill(whom === "group" ? -child.pid! : child.pid!, "SIGKILL");
      await ended;
    },
    killWorker: () => {
      const pid = workersOf(child.pid!)[0];
      if (pid === undefined) throw new Error("the lake has no ingest process");
      process.kill(pid, "SIGKILL");
    },
    stop: async () => {
      process.kill(-child.pid!, "SIGTERM");
      await ended;
    },
  };
}

/** The ingest processes among a process's children. Linux. */
function workersOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").map(Number);
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("worker-main"));
}
