// The lake's benchmarks. `node bench/main.ts [name ...] [options]`; without a name all but `driver`, `workers` and `growth`. Prints Markdown,
// ready for apps/docs/benchmarks.md. Every comparison alternates within one run, A B B A, and shows medians (lowest to highest).
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { bytes } from "./bytes.ts";
import { type FilledLake, openFilledLake } from "./filled-lake.ts";
import { growth } from "./growth.ts";
import { driver, ingest } from "./ingest.ts";
import { load } from "./load.ts";
import { queries } from "./queries.ts";
import { resend } from "./resend.ts";
import { startUp } from "./start-up.ts";
import { workers } from "./workers.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Rounds of each comparison. */
    runs: { type: "string", default: "3" },
    /** Of 100 events each, of one run of `ingest`, `resend` and `driver`. */
    requests: { type: "string", default: "600" },
    /** Events of `bytes` and `queries`. */
    rows: { type: "string", default: "1000000" },
    /** How long each rate of `load` lasts. */
    seconds: { type: "string", default: "20" },
    /** Events per second that `load` offers, one after the other. */
    rates: { type: "string", default: "10000,50000" },
    /** Sizes of a growing store in millions of events. */
    steps: { type: "string", default: "1,3,10,30" },
    growth: { type: "boolean", default: false },
  },
});
const number = (name: "runs" | "requests" | "rows" | "seconds"): number => {
  const value = Number(values[name]);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0.`);
  return value;
};
const list = (text: string): number[] => text.split(",").map(Number);
const [runs, requests, seconds] = [number("runs"), number("requests"), number("seconds")];

let filled: FilledLake | undefined;
const filledLake = async (): Promise<FilledLake> => (filled ??= await openFilledLake(number("rows")));

const benches: Readonly<Record<string, { readonly title: string; readonly run: () => Promise<string> }>> = {
  driver: { title: "The writers alone", run: () => driver({ runs, requests }) },
  ingest: { title: "PutAuditEvents, durable", run: () => ingest({ runs, requests }) },
  workers: { title: "Ingest processes", run: () => workers({ runs, requests }) },
  resend: { title: "A resend storm", run: () => resend({ runs, requests }) },
  bytes: { title: "Bytes of a stored event", run: async () => bytes(await filledLake()) },
  queries: { title: "Queries", run: async () => queries(await filledLake(), { runs }) },
  load: { title: "Queries and memory under load", run: () => load({ seconds, rates: list(values.rates) }) },
  "start-up": { title: "Start-up", run: () => startUp({ runs }) },
  growth: { title: "Growth", run: () => growth({ steps: list(values.steps), runs }) },
};
const chosen =
  positionals.length > 0
    ? positionals
    : Object.keys(benches).filter(
        (name) => name !== "driver" && name !== "workers" && (name !== "growth" || values.growth),
      );
for (const name of chosen)
  if (!Object.hasOwn(benches, name))
    throw new Error(`There is no bench ${name}; there are ${Object.keys(benches).join(", ")}.`);

console.log(
  `${cpus()[0]?.model ?? "?"}, ${cpus().length} cores, ${Math.round(totalmem() / 1024 ** 3)} GiB, Node ${process.version}; \`node bench/main.ts ${process.argv.slice(2).join(" ")}\`\n`,
);
try {
  for (const name of chosen) {
    const { title, run } = benches[name]!;
    const began = performance.now();
    const text = await run();
    console.log(`## ${title}\n\n${text}\n`);
    console.error(`(${name} took ${((performance.now() - began) / 1000).toFixed(0)} s)`);
  }
} finally {
  await filled?.lake.remove();
}
