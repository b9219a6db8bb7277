import { readdirSync, readFileSync } from "node:fs";

/** Of the kernel's accounts of processor time, a second. */
const ticks = 100;

/** Processor time of a process's threads that live, in milliseconds. Linux. */
export function threadsMs(pid: number): number {
  let nanoseconds = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      nanoseconds += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
    } catch {
      // It has just ended.
    }
  }
  return nanoseconds / 1e6;
}

/** Processor time of a process's children that have ended, in milliseconds. Linux. */
export function endedChildrenMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticks;
}

/** The children of a process whose command line has this. Linux. */
export function childrenOf(pid: number, part: string): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").trim().split(" "))
    .filter((child) => child !== "" && commandOf(child).includes(part))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has just ended.
    return "";
  }
}
