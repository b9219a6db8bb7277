// The forwarder's benchmarks. `node bench/main.ts [name ...] [options]`; without a name all of them. Prints Markdown, ready for
// apps/docs/benchmarks.md. Comparisons alternate within one run and show medians (lowest to highest).
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { memory } from "./memory.ts";
import { startUp } from "./start-up.ts";
import { throughput } from "./throughput.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Rounds of `throughput`. */
    rounds: { type: "string", default: "3" },
    /** Of the file that `throughput` sends. */
    megabytes: { type: "string", default: "1000" },
    adapters: { type: "string", default: "okta" },
    /** Queued records of `memory`, and how long each of its parts is watched. */
    records: { type: "string", default: "10000000" },
    seconds: { type: "string", default: "60" },
    /** Starts of `start-up`. */
    starts: { type: "string", default: "20" },
  },
});
const number = (name: "rounds" | "megabytes" | "records" | "seconds" | "starts"): number => {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0.`);
  return value;
};

const benches: Readonly<Record<string, { readonly title: string; readonly run: () => Promise<string> }>> = {
  "start-up": { title: "Start-up", run: () => startUp({ starts: number("starts") }) },
  memory: {
    title: "Memory",
    run: () => memory({ records: number("records"), seconds: number("seconds") }),
  },
  throughput: {
    title: "From a file to its last answer",
    run: () =>
      throughput({
        adapters: values.adapters.split(","),
        megabytes: number("megabytes"),
        rounds: number("rounds"),
      }),
  },
};
const chosen = positionals.length > 0 ? positionals : Object.keys(benches);
for (const name of chosen)
  if (!Object.hasOwn(benches, name))
    throw new Error(`There is no benchmark ${name}; there are ${Object.keys(benches).join(", ")}.`);

const memoryText = `${Math.round(totalmem() / 2 ** 30)} GB`;
console.log(`${cpus()[0]?.model ?? "?"}, ${cpus().length} processors, ${memoryText}, Node ${process.version}\n`);
console.log(`\`node bench/main.ts ${process.argv.slice(2).join(" ")}\`\n`);
for (const name of chosen) {
  const { title, run } = benches[name]!;
  console.log(`### ${title}\n\n${await run()}\n`);
}
