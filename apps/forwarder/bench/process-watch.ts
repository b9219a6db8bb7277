import { readFileSync } from "node:fs";

/** Of /proc/PID/stat, in a second. */
const ticks = 100;

/** Memory and processor time of one process, looked at until it ends. Linux alone tells them; elsewhere there are none. */
export class ProcessWatch {
  /** Resident MB, in the order of time. */
  readonly megabytes: number[] = [];
  /** Of a processor, since it started, all threads together. */
  cpuSeconds = 0;
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;

  constructor(pid: number, everyMs = 100) {
    this.#pid = pid;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const status = read(`/proc/${this.#pid}/status`);
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(status ?? "")?.[1];
    const stat = read(`/proc/${this.#pid}/stat`);
    if (resident === undefined || stat === undefined) return;
    this.megabytes.push(Number(resident) / 1024);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    this.cpuSeconds = (Number(fields[11]) + Number(fields[12])) / ticks;
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}
