import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { cli } from "../test/support/command.ts";

/** How a process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One life of `tributary`, from its start to its end. */
export interface Life {
  readonly ended: Promise<Death>;
  /** The file to which the write or sync went at which it was struck down; undefined when it was not. */
  readonly struckAt: string | undefined;
  readonly over: boolean;
  kill(signal: NodeJS.Signals): void;
  /** Calls back with each line of standard error. */
  onLine(callback: (line: string) => void): void;
}

export interface Strike {
  readonly call: "write" | "sync";
  /** The how manyeth of such calls on the state. */
  readonly number: number;
  readonly statePath: string;
}

/** Errors of system calls, as strace's `inject=` takes them: `fdatasync,fsync:error=EIO:when=2+3`. */
export interface Injection {
  readonly errors: string;
  readonly statePath: string;
}

const environment = {
  PATH: process.env["PATH"]!,
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "an-example-secret",
  AWS_EC2_METADATA_DISABLED: "true",
};

/**
 * Starts `tributary`. With a strike, strace holds the process before the n-th write or sync of its state, and it is killed
 * there: the product knows nothing of it.
 * @param program another one than the built command line
 */
export function live(
  argv: readonly string[],
  options: {
    readonly env?: Record<string, string> | undefined;
    readonly strike?: Strike | Injection | undefined;
    readonly program?: string | undefined;
    /** A command that runs it. */
    readonly under?: readonly string[] | undefined;
  } = {},
): Life {
  const { strike, program = cli, under = [] } = options;
  const [command, ...args] = [...(strike ? straceOf(strike) : under), process.execPath, program, ...argv];
  const child = spawn(command!, args, {
    env: { ...environment, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const state = { stdout: "", stderr: "", over: false, struckAt: undefined as string | undefined };
  const listeners: ((line: string) => void)[] = [];
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (state.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    state.stderr += text;
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) for (const listener of listeners) listener(line);
  });
  const watching = strike && "call" in strike && setInterval(() => (state.struckAt ??= strikeIfHeld(child)), 3);
  const ended = new Promise<Death>((resolve) =>
    child.on("close", (code, signal) => {
      state.over = true;
      if (watching !== undefined && watching !== false) clearInterval(watching);
      resolve({ code, signal, stdout: state.stdout, stderr: state.stderr });
    }),
  );
  return {
    ended,
    get struckAt() {
      return state.struckAt;
    },
    get over() {
      return state.over;
    },
    kill(signal) {
      const pid = strike || under.length > 0 ? childOf(child) : child.pid;
      if (!state.over && pid !== undefined) process.kill(pid, signal);
    },
    onLine: (callback) => void listeners.push(callback),
  };
}

const calls = { write: "pwrite64", sync: "fdatasync,fsync" } as const;

function straceOf(strike: Strike | Injection): readonly string[] {
  const paths = ["", "-wal"].flatMap((end) => ["-P", `${strike.statePath}${end}`]);
  if ("errors" in strike) {
    const named = strike.errors.slice(0, strike.errors.indexOf(":"));
    const inject = `inject=${strike.errors}`;
    return `strace -f --seccomp-bpf -qq -o /dev/null -e trace=${named} -e ${inject}`.split(" ").concat(paths);
  }
  const { call, number } = strike;
  const traced = calls[call];
  // A delay, and not a signal: with --seccomp-bpf strace stops at these calls alone, but injects no signal.
  const hold = `inject=${traced}:delay_enter=60000000:when=${number}`;
  return `strace -f --seccomp-bpf -qq -o /dev/null -e trace=${traced} -e ${hold}`.split(" ").concat(paths);
}

const stoppedAt = new WeakMap<ChildProcess, string>();

/** Kills the process below a strace when it stands at one call for longer than tracing takes; answers the call's file. */
function strikeIfHeld(strace: ChildProcess): string | undefined {
  try {
    const pid = childOf(strace);
    if (pid === undefined) return undefined;
    // `running`, or the call's number, its arguments, stack and place.
    const call = readFileSync(`/proc/${pid}/syscall`, "utf8");
    const isHeld = numbers.has(call.split(" ")[0]!) && stoppedAt.get(strace) === call && isTraced(pid);
    stoppedAt.set(strace, call);
    if (!isHeld) return undefined;
    const file = readlinkSync(`/proc/${pid}/fd/${Number(call.split(" ")[1])}`);
    process.kill(pid, "SIGKILL");
    // It would wait for the end of its delay.
    strace.kill("SIGKILL");
    return file;
  } catch {
    // It has just ended.
    return undefined;
  }
}

/** pwrite64, fsync and fdatasync on x64 and on arm64. */
const numbers = new Set(process.arch === "arm64" ? ["68", "82", "83"] : ["18", "74", "75"]);

const isTraced = (pid: number): boolean => /^State:\tt/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));

/** The one process below a strace. */
function childOf({ pid }: ChildProcess): number | undefined {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? undefined : Number(children.split(" ")[0]);
}

/** Whether a process whose state failed said so, to a person and to the shell: a code of the errors page or exit code 5. */
export function toldErrors({ code, stdout, stderr }: Death): string | undefined {
  const text = stdout + stderr;
  const told = /STATE_[A-Z]+|the state cannot be used/i.exec(text)?.[0];
  return told === undefined && code !== 5 ? undefined : `told: ${told ?? ""}, exit ${code}`;
}
