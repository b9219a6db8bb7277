import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { boto3Python } from "./boto3-python.ts";
import { channelArn, cli, sink, type Sink, start } from "./bench-processes.ts";
import { writeExamples } from "./example-records.ts";
import { markdown, median, spread } from "./spread.ts";

/** Who sends the file, and how long each of its rounds took. */
interface Contestant {
  readonly name: string;
  readonly command: (state: string) => readonly [string, ...string[]];
  readonly seconds: number[];
  readonly cpuSeconds: number[];
  readonly megabytes: number[];
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * `tributary forward` with its state on disk, from its start to its end, against the floor and the peer, each a process of its
 * own that sends to the same sink. Fails unless each round brings every event, and the same ones.
 */
export async function throughput(options: {
  readonly adapters: readonly string[];
  readonly megabytes: number;
  readonly rounds: number;
}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "tributary-bench-"));
  try {
    const parts: string[] = [];
    for (const adapter of options.adapters) parts.push(await ofAdapter(adapter, folder, options));
    return parts.join("\n\n");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ofAdapter(
  adapter: string,
  folder: string,
  { megabytes, rounds }: { readonly megabytes: number; readonly rounds: number },
): Promise<string> {
  const file = join(folder, `${adapter}.ndjson`);
  const events = join(folder, `${adapter}.events.ndjson`);
  const records = writeExamples(adapter, megabytes * 1e6, file);
  const options = `--adapter ${adapter} --channel-arn ${channelArn} --client built-in --json`.split(" ");
  const forward = (url: string, state: string): readonly [string, ...string[]] => [
    process.execPath,
    cli,
    "forward",
    ...options,
    "--endpoint",
    url,
    "--state",
    state,
    file,
  ];
  // Once beside the rounds: what the forwarder sends is what the others send. And it warms the file up.
  const first = await sink(events);
  const all = await oneRound(first, forward(first.url, join(folder, "first")));
  first.close();
  const to = await sink();
  const contestants: Contestant[] = [
    contestant("tributary forward", (state) => forward(to.url, state)),
    contestant("floor", () => [process.execPath, here("floor.mjs"), to.url, events]),
  ];
  const found = boto3Python(join(tmpdir(), "tributary-bench-boto3"));
  if ("python" in found)
    contestants.push(contestant("boto3", () => [found.python, here("boto3-loop.py"), to.url, channelArn, events]));
  try {
    for (let round = 0; round < rounds; round++)
      for (const one of round % 2 === 0 ? contestants : contestants.toReversed()) {
        const state = join(folder, `state-${round}`);
        const { seconds, cpuSeconds, peak, taken } = await oneRound(to, one.command(state));
        rmSync(state, { recursive: true, force: true });
        if (taken.events !== all.taken.events || taken.characters !== all.taken.characters)
          throw new Error(`${one.name} sent ${JSON.stringify(taken)}, and not ${JSON.stringify(all.taken)}.`);
        one.seconds.push(seconds);
        one.cpuSeconds.push(cpuSeconds);
        one.megabytes.push(peak);
      }
  } finally {
    to.close();
  }
  const { size } = statSync(file);
  const told = `${adapter}: ${Math.round(size / 1e6).toLocaleString("en")} MB, ${records.toLocaleString("en")} records, ${all.taken.events.toLocaleString("en")} events sent; ${rounds} rounds.`;
  const [own] = contestants;
  const rows = contestants.map((one) => [
    one.name,
    spread(one.seconds.map((seconds) => records / seconds)),
    one === own
      ? ""
      : spread(
          one.seconds.map((seconds, round) => seconds / own!.seconds[round]!),
          2,
        ),
    ((median(one.cpuSeconds) / records) * 1e6).toFixed(1),
    Math.max(...one.megabytes).toFixed(0),
  ]);
  const table = markdown([["", "records/s", "tributary / this", "µs of a processor a record", "peak, MB"], ...rows]);
  return [told, table, ...("missing" in found ? [`boto3 was not measured: ${found.missing}`] : [])].join("\n\n");
}

const contestant = (name: string, command: Contestant["command"]): Contestant => ({
  name,
  command,
  seconds: [],
  cpuSeconds: [],
  megabytes: [],
});

async function oneRound(to: Sink, [program, ...argv]: readonly [string, ...string[]]) {
  await to.taken();
  const { watch, log, ended } = start(program, argv);
  const { ms, stdout, code } = await ended;
  if (code !== 0) throw new Error(`${program} ${argv.join(" ")} ended with ${code}: ${log()}${stdout}`);
  const taken = await to.taken();
  return { seconds: ms / 1000, cpuSeconds: watch.cpuSeconds, peak: Math.max(0, ...watch.megabytes), taken };
}
