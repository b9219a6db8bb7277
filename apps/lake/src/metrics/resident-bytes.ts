import { readFileSync } from "node:fs";

const pageBytes = 4096;

/** Resident memory of a process, in bytes; undefined where it cannot be known: a process that has ended, or no Linux. */
export function residentBytes(pid: number | undefined): number | undefined {
  if (pid === process.pid) return process.memoryUsage.rss();
  if (pid === undefined || process.platform !== "linux") return undefined;
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]);
    return Number.isFinite(pages) ? pages * pageBytes : undefined;
  } catch {
    return undefined;
  }
}
