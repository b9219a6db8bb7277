// A lake with a planted fault, started like the command: `faulty-lake.ts serve --data DIR ...`, the fault named by the
// environment. The tests of durability must fail against it; a test that does not would show nothing.
import { parseArgs } from "node:util";
import { serve } from "../dist/serve/serve.js";

const faults = {
  "answers-before-commit": { acknowledgeBeforeCommit: true },
  "synchronous-off": { synchronous: "OFF" },
  "keeps-duplicates": { keepDuplicates: true },
  // No fault, but what waits for its time does not: durable as ever.
  hasty: { hasty: true },
} as const;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    data: { type: "string" },
    port: { type: "string" },
    json: { type: "boolean" },
    workers: { type: "string" },
  },
});
const plantedFaults = faults[process.env["PLANTED_FAULT"] as keyof typeof faults];
if (plantedFaults === undefined) throw new Error(`PLANTED_FAULT names one of ${Object.keys(faults).join(", ")}`);
const lake = await serve({
  data: values.data!,
  port: Number(values.port),
  region: "us-east-1",
  host: "127.0.0.1",
  workers: Number(values.workers ?? 1),
  plantedFaults,
  ...("hasty" in plantedFaults && { removedFileMs: 0 }),
});
console.log(JSON.stringify({ url: lake.url }));
const stop = () => void lake.close().then(() => process.exit(0));
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
