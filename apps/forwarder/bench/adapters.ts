// `npm run bench`: each adapter's mapFrame against JSON.parse + JSON.stringify of the same records, as a Markdown table.
// The records are those of the adapter's fixtures that give events, and the generated ones of examples/. Every adapter has
// a process of its own, as it has in a forwarder: what the engine learned of fifteen others would slow it.
// `node bench/adapters.ts okta` runs one.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { type Adapter, type FrameContext, framedRecords, mapFrame, type Result } from "@tributary/adapter-kit";
import { fixtureContext, mapFile, readFixtures } from "@tributary/adapter-kit/suite";
import { builtInAdapters } from "../src/adapters/built-in.ts";
import { loadAdapter } from "../src/adapters/load-adapter.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Rounds alternate and are short; processor time counts, so that what else the machine does matters little. */
const rounds = 40;
const roundMs = 5;

interface Frame {
  readonly adapter: Adapter;
  readonly format: string;
  readonly context: FrameContext;
  readonly bytes: Uint8Array;
  /** The frame's records as JSON. */
  readonly json: Uint8Array;
}

const [wanted] = process.argv.slice(2);
if (wanted === undefined) benchAll();
else await benchOne(wanted);

function benchAll(): void {
  console.log(
    `mapFrame against JSON.parse + JSON.stringify of the same records: best of ${rounds} alternating rounds, processor time; ${cpus()[0]?.model ?? "?"}, Node ${process.version}\n`,
  );
  console.log("| records | frames | bytes each | frames/s | parse + stringify | ratio | spread |");
  console.log("|---|---|---|---|---|---|---|");
  for (const name of Object.keys(builtInAdapters)) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}

async function benchOne(name: string): Promise<void> {
  const { adapter } = await loadAdapter(name, process.cwd());
  const generated = generatedOf(adapter);
  if (generated.length > 0) measure(`${name}, generated`, generated);
  measure(name, framesOf(adapter));
}

function measure(name: string, frames: readonly Frame[]): void {
  if (frames.length === 0) throw new Error(`no record of ${name} gives an event`);
  // A host has one context for a source, and an adapter reads its options once: contexts do not alternate here either.
  const { adapter } = frames[0]!;
  const groups = [...new Set(frames.map(({ context }) => context))].map((context) => {
    const group = frames.filter((frame) => frame.context === context);
    return {
      floor: runner(group, ({ json }) => JSON.stringify(JSON.parse(decoder.decode(json))).length),
      mapped: runner(group, ({ format, bytes }) => mapFrame(adapter, format, bytes, context).length),
    };
  });
  const times = Array.from({ length: rounds }, () => groups.map(({ floor, mapped }) => [floor(), mapped()] as const));
  /** Time of the floor (0) or of mapFrame (1): the best of each group, or those of one round. */
  const best = (of: 0 | 1) => sum(groups.map((_, group) => Math.min(...times.map((round) => round[group]![of]))));
  const ofRound = (round: (typeof times)[number], of: 0 | 1) => sum(round.map((one) => one[of]));
  const ratios = times.map((round) => ofRound(round, 0) / ofRound(round, 1)).toSorted((a, b) => a - b);
  const quartile = (part: number) => ratios[Math.floor((ratios.length - 1) * part)]!.toFixed(2);
  const perSecond = (ms: number) => Math.round((frames.length / ms) * 1000).toLocaleString("en");
  const size = Math.round(sum(frames.map(({ bytes }) => bytes.length)) / frames.length);
  console.log(
    `| ${name} | ${frames.length} | ${size} | ${perSecond(best(1))} | ${perSecond(best(0))} | ${(best(0) / best(1)).toFixed(2)} | ${quartile(0.25)} to ${quartile(0.75)} |`,
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Runs a body over all frames, as often as fills a round, when the engine has compiled it; answers the time of one pass. */
function runner(frames: readonly Frame[], body: (frame: Frame) => number): () => number {
  const time = (passes: number) => {
    const began = process.cpuUsage();
    let check = 0;
    for (let pass = 0; pass < passes; pass++) for (const frame of frames) check += body(frame);
    if (check === 0) throw new Error("nothing came of it");
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  };
  let warmed = 0;
  let passes = 0;
  for (; warmed < 60 * roundMs || passes < 30; passes++) warmed += time(1);
  const enough = Math.max(1, Math.ceil((roundMs * passes) / warmed));
  return () => time(enough) / enough;
}

/** Lines that examples/generate.mjs made, as a stream of an ordinary day. */
function generatedOf(adapter: Adapter): readonly Frame[] {
  const folder = fileURLToPath(new URL(`../examples/${adapter.name}/`, import.meta.url));
  const format = Object.entries(adapter.formats).find(([, { frame }]) => frame === "line")?.[0];
  if (format === undefined || !existsSync(folder)) return [];
  const context = { ...fixtureContext, origin: { receivedAt: "2026-11-20T00:00:00Z", occurrence: 0 } };
  return readdirSync(folder)
    .flatMap((file) => readFileSync(folder + file, "utf8").split("\n"))
    .map((line) => ({ adapter, format, context, bytes: encoder.encode(line), json: encoder.encode(line) }))
    .filter(({ bytes }) => isMapped(mapFrame(adapter, format, bytes, context)));
}

/** Whether every record gave an event and none was cut: one of 100 kB, as some fixtures are, would weigh as much as all others. */
function isMapped(results: readonly Result[]): boolean {
  return (
    results.length > 0 &&
    results.every((result) => result.kind === "event" && result.marks.every(({ kind }) => kind !== "trimmed"))
  );
}

/** The frames of an adapter's fixtures of which every record gives an event. */
function framesOf(adapter: Adapter): readonly Frame[] {
  const folder = fileURLToPath(new URL(`../../../packages/adapters/${adapter.name}/test/fixtures/`, import.meta.url));
  const contexts = new Map<string, FrameContext>();
  return readFixtures(adapter, folder).flatMap(({ format, bytes, context: told }) => {
    const key = JSON.stringify(told);
    const context = contexts.get(key) ?? told;
    contexts.set(key, context);
    return mapFile(adapter, format, bytes, context)
      .filter(({ results }) => isMapped(results))
      .map((frame) => {
        const found = adapter.formats[format];
        if (found?.parse === undefined && found?.frame !== "csv") {
          const compact = compactJson(decoder.decode(frame.bytes));
          return { adapter, format, context, bytes: compact, json: compact };
        }
        const records = framedRecords(adapter, format, frame.bytes) ?? [];
        const json = encoder.encode(JSON.stringify(records.length === 1 ? records[0] : records));
        return { adapter, format, context, bytes: frame.bytes, json };
      });
  });
}

/** JSON without white space between its values, as vendors send it: fixtures are indented for those who read them. */
function compactJson(text: string): Uint8Array {
  return encoder.encode(text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, "$1"));
}
