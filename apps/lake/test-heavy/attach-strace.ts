import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Attaches strace to processes that run, all their threads too, with an injection such as `fdatasync:error=EIO:when=1+2`. */
export async function inject(pids: readonly number[], injection: string): Promise<{ detach(): Promise<void> }> {
  const call = injection.slice(0, injection.indexOf(":"));
  const strace = spawn(
    "strace",
    [
      "-f",
      "-o",
      "/dev/null",
      "-e",
      `trace=${call}`,
      "-e",
      `inject=${injection}`,
      ...pids.flatMap((pid) => ["-p", String(pid)]),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const ended = new Promise<void>((resolve) => void strace.once("exit", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let told = "";
    strace.once("exit", () => reject(new Error(`strace ended: ${told}`)));
    strace.stderr.setEncoding("utf8").on("data", (text: string) => {
      told += text;
      if ((told.match(/attached/g)?.length ?? 0) >= pids.length) resolve();
    });
  });
  return {
    detach: async () => {
      strace.kill("SIGINT");
      // One whose process died under it may wait for a thread of it for ever, and keep its end from its parent.
      const stuck = setTimeout(() => strace.kill("SIGKILL"), 2000);
      await ended;
      clearTimeout(stuck);
    },
  };
}

/** The processes below one, by `/proc`, those whose command line has `name` in it. */
export function descendants(pid: number, name: string): readonly number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = read(`/proc/${entry}/stat`);
    if (stat !== undefined) parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const below = (one: number): boolean => {
    const parent = parents.get(one);
    return parent !== undefined && (parent === pid || below(parent));
  };
  return [...parents.keys()].filter((one) => below(one) && read(`/proc/${one}/cmdline`)?.includes(name) === true);
}

/** Undefined when the process has ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
