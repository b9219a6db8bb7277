import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./spread.ts";

/** A process of a lake at one moment; bytes. */
interface Sample {
  readonly pid: number;
  readonly role: string;
  /** Proportional: pages that processes share are split among them. */
  readonly pss: number;
  /** Of V8 and Node's buffers; undefined where the probe is not loaded. */
  readonly node: number | undefined;
  /** Seconds of a processor since it started. */
  readonly cpu: number;
}

/** Of /proc/PID/stat, in a second. */
const ticks = 100;

const roles: readonly (readonly [string, string])[] = [
  ["care-main", "compaction and care"],
  ["query-child", "query process"],
  ["ingest-worker", "ingest worker"],
  ["cli.js", "serve"],
];

const megabytes = (values: readonly number[]): [string, string] => [
  (median(values) / 1e6).toFixed(0),
  (Math.max(...values) / 1e6).toFixed(0),
];

/** Watches the memory of a process and all below it. Linux alone tells it. */
export class MemoryWatch {
  readonly #folder = mkdtempSync(join(tmpdir(), "tributary-probe-"));
  /** To start the lake with. */
  readonly env: Readonly<Record<string, string>> = {
    NODE_OPTIONS: `--import=${fileURLToPath(new URL("./memory-probe.mjs", import.meta.url))}`,
    TRIBUTARY_BENCH_PROBE: this.#folder,
  };
  readonly #moments: Sample[][] = [];
  readonly #idle = new Map<number, Sample>();
  #timer: NodeJS.Timeout | undefined;

  /** The lake is at rest: what each process needs before it has worked. */
  start(pid: number, everyMs = 250): void {
    for (const sample of this.#look(pid)) this.#idle.set(sample.pid, sample);
    this.#timer = setInterval(() => this.#moments.push(this.#look(pid)), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** When the lake has ended: its processes write into the folder until then. */
  remove(): void {
    this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Role, then median and peak MB of all it takes, and of it what is the engine's: buffers of DuckDB, in `care` and in a query at work. */
  rows(): string[][] {
    const body: string[][] = [];
    for (const role of new Set(this.#moments.flat().map((sample) => sample.role))) {
      const each = this.#moments.map((samples) => samples.filter((sample) => sample.role === role));
      const engine = each.map((samples) => total(samples.map((sample) => this.#engine(sample))));
      const all = each.map((samples) => total(samples.map(({ pss }) => pss)));
      body.push([role, ...megabytes(all), ...megabytes(engine)]);
    }
    const own = this.#moments.map((samples) => total(samples.map((sample) => sample.pss - this.#engine(sample))));
    const everything = this.#moments.map((samples) => total(samples.map(({ pss }) => pss)));
    return [
      ["process", "PSS, MB (median)", "peak", "of it the engine's (median)", "peak"],
      ...body,
      ["together", ...megabytes(everything), "", ""],
      ["**together, beside the engine's**", ...megabytes(own).map((text) => `**${text}**`), "", ""],
    ];
  }

  /** Role -> seconds of a processor while it was watched. */
  cpuSeconds(): ReadonlyMap<string, number> {
    const last = new Map(this.#moments.flat().map((sample) => [sample.pid, sample]));
    const seconds = new Map<string, number>();
    for (const { pid, role, cpu } of last.values())
      seconds.set(role, (seconds.get(role) ?? 0) + cpu - (this.#idle.get(pid)?.cpu ?? 0));
    return seconds;
  }

  /** Beyond what the process took at rest and what Node took since. A query process at rest is the spare; it works in its engine alone. */
  #engine({ pid, role, pss, node }: Sample): number {
    if (role !== "compaction and care" && role !== "query process") return 0;
    const idle = this.#idle.get(pid) ?? [...this.#idle.values()].find((one) => one.role === role);
    if (idle === undefined) return 0;
    return Math.max(0, pss - idle.pss - Math.max(0, (node ?? 0) - (idle.node ?? 0)));
  }

  #look(root: number): Sample[] {
    const children = new Map<number, number[]>();
    const cpu = new Map<number, number>();
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = read(`/proc/${name}/stat`);
      if (stat === undefined) continue;
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const parent = Number(fields[1]);
      cpu.set(Number(name), (Number(fields[11]) + Number(fields[12])) / ticks);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const samples: Sample[] = [];
    for (const queue = [root]; queue.length > 0;) {
      const pid = queue.pop()!;
      queue.push(...(children.get(pid) ?? []));
      const pss = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? "")?.[1];
      const command = read(`/proc/${pid}/cmdline`);
      if (pss === undefined || command === undefined) continue;
      const node = read(join(this.#folder, String(pid)));
      const role = roles.find(([part]) => command.includes(part))?.[1] ?? "other";
      samples.push({
        pid,
        role,
        pss: 1024 * Number(pss),
        node: node ? Number(node) : undefined,
        cpu: cpu.get(pid) ?? 0,
      });
    }
    return samples;
  }
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined; // the process has ended
  }
}
