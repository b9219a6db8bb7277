// `npm run bench`: each adapter's mapFrame against JSON.parse + JSON.stringify of the same records. Runs alternate.
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { mapFrame, type Adapter } from "@tributary/adapter-kit";
import { crowdstrike } from "@tributary/adapter-crowdstrike";
import { github } from "@tributary/adapter-github";
import { okta } from "@tributary/adapter-okta";

const rounds = 7;
const wanted = 20_000;
const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const context = { origin: { receivedAt: "2026-11-20T00:00:00Z", occurrence: 0 }, accountId: "111122223333" };
const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

console.log(
  `Adapters against JSON.parse + JSON.stringify of the same records, ${rounds} runs each, alternating; medians`,
);
console.log(`${cpus()[0]?.model ?? "?"}, Node ${process.version}`);
for (const adapter of [okta, github, crowdstrike] as readonly Adapter[]) {
  const folder = join(examples, adapter.name);
  const lines = readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );
  const many = Array.from({ length: wanted }, (_, n) => lines[n % lines.length]!);
  const bytes = many.map((line) => Buffer.from(line));
  const format = Object.entries(adapter.formats).find(([, one]) => one.frame === "line")![0];
  const floor: number[] = [];
  const mapped: number[] = [];
  let events = 0;
  let check = 0;
  const time = (into: number[], body: () => void) => {
    const began = performance.now();
    body();
    into.push(wanted / ((performance.now() - began) / 1000));
  };
  for (let round = 0; round <= rounds; round++) {
    time(floor, () => {
      for (const line of bytes) check += JSON.stringify(JSON.parse(line.toString("utf8"))).length;
    });
    time(mapped, () => {
      events = 0;
      for (const line of bytes)
        for (const result of mapFrame(adapter, format, line, context)) if (result.kind === "event") events++;
    });
  }
  if (events === 0 || check === 0) throw new Error(`${adapter.name} mapped nothing`);
  const ratio = median(mapped.slice(1)) / median(floor.slice(1));
  console.log(
    `  ${adapter.name.padEnd(12)} ${Math.round(median(mapped.slice(1)))} records/s, floor ${Math.round(median(floor.slice(1)))}, ratio ${ratio.toFixed(2)} (${events} of ${wanted} events)`,
  );
}
