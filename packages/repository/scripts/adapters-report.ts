// npm run adapters:report [-- adapter ...]: what each adapter makes of its fixtures and, where they lie beside the repository, of real
// samples: records, events, dropped, refused by reason, event types, and how many of the records' leaves are in the events. Markdown.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { adapterNames } from "./adapter-files.ts";

const root = join(import.meta.dirname, "..", "..", "..");

type Result =
  | { readonly kind: "event"; readonly eventData: string; readonly marks: readonly { readonly kind: string }[] }
  | { readonly kind: "dropped"; readonly rule: string }
  | { readonly kind: "refused"; readonly code: string };
interface Adapter {
  readonly formats: Readonly<Record<string, unknown>>;
}
interface Frame {
  readonly bytes: Uint8Array;
  readonly results: readonly Result[];
}
const load = async <T>(path: string): Promise<T> => (await import(pathToFileURL(join(root, path)).href)) as T;
const { mapFile, fixtureContext, lostLeaves, leavesOf } = await load<{
  readonly mapFile: (adapter: Adapter, format: string, bytes: Uint8Array, context: unknown) => readonly Frame[];
  readonly fixtureContext: { readonly accountId: string };
  readonly lostLeaves: (record: unknown, shown: unknown) => readonly unknown[];
  readonly leavesOf: (record: unknown) => readonly unknown[];
}>("packages/adapter-kit/dist/suite/index.js");
const { framedRecords, sniffFormat } = await load<{
  readonly framedRecords: (adapter: Adapter, format: string, bytes: Uint8Array) => readonly unknown[] | undefined;
  readonly sniffFormat: (adapter: Adapter, head: Uint8Array) => string | undefined;
}>("packages/adapter-kit/dist/index.js");

/** Counts of a file, or of several. */
class Counts {
  records = 0;
  events = 0;
  leaves = 0;
  lost = 0;
  readonly dropped = new Map<string, number>();
  readonly refused = new Map<string, number>();
  readonly marks = new Map<string, number>();
  readonly types = new Set<string>();

  add(result: Result, record: unknown): void {
    this.records += 1;
    if (result.kind === "dropped") count(this.dropped, result.rule);
    else if (result.kind === "refused") count(this.refused, result.code);
    else {
      this.events += 1;
      const event = JSON.parse(result.eventData) as { readonly eventName: string };
      this.types.add(event.eventName);
      for (const { kind } of result.marks) count(this.marks, kind);
      if (record === undefined) return;
      this.leaves += leavesOf(record).length;
      this.lost += lostLeaves(record, { event, marks: result.marks }).length;
    }
  }

  join(other: Counts): void {
    for (const key of ["records", "events", "leaves", "lost"] as const) this[key] += other[key];
    for (const key of ["dropped", "refused", "marks"] as const)
      for (const [name, number] of other[key]) this[key].set(name, (this[key].get(name) ?? 0) + number);
    for (const type of other.types) this.types.add(type);
  }

  row(name: string): string {
    const share = this.records === 0 ? "-" : `${((100 * this.events) / this.records).toFixed(1)} %`;
    const kept = this.leaves === 0 ? "-" : `${this.leaves - this.lost} of ${this.leaves}`;
    return `| ${name} | ${this.records} | ${this.events} (${share}) | ${this.types.size} | ${list(this.dropped)} | ${list(this.refused)} | ${kept} | ${list(this.marks)} |`;
  }
}

const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([key, number]) => `${key} ${number}`).join(", ") || "-";
const count = (counts: Map<string, number>, key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

function countsOf(adapter: Adapter, file: string, told?: string): Counts {
  const bytes = readFileSync(file);
  const format = told ?? sniffFormat(adapter, bytes.subarray(0, 65_536)) ?? Object.keys(adapter.formats)[0] ?? "";
  const origin = { receivedAt: "2026-12-31T00:00:00.000Z", occurrence: 0 };
  const counts = new Counts();
  for (const frame of mapFile(adapter, format, bytes, { ...fixtureContext, origin })) {
    const records = framedRecords(adapter, format, frame.bytes);
    for (const [part, result] of frame.results.entries()) counts.add(result, records?.[part]);
  }
  return counts;
}

/** The format that a fixture's context file names. */
function toldFormat(file: string): string | undefined {
  const context = file.replace(/\.record\.[a-z0-9]+$/, ".context.json");
  if (!existsSync(context)) return undefined;
  return (JSON.parse(readFileSync(context, "utf8")) as { readonly format?: string }).format;
}

const heading =
  "| file | records | events | event types | dropped by rule | refused by reason | leaves kept | marked |\n|---|---|---|---|---|---|---|---|";
const wanted = process.argv.slice(2);
const totals: string[] = [];
for (const name of adapterNames().filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const { default: adapter } = await load<{ readonly default: Adapter }>(`packages/adapters/${name}/dist/index.js`);
  const fixtures = join(root, "packages/adapters", name, "test/fixtures");
  const ours = new Counts();
  for (const file of readdirSync(fixtures).filter((one) => /\.record\.[a-z0-9]+$/.test(one)))
    ours.join(countsOf(adapter, join(fixtures, file), toldFormat(join(fixtures, file))));
  const rows = [ours.row("fixtures")];
  const samples = join(root, "..", "shared", "samples", name);
  const real = new Counts();
  if (existsSync(samples)) {
    for (const file of (readdirSync(samples, { recursive: true }) as string[]).toSorted()) {
      if (statSync(join(samples, file)).isDirectory() || /catalog|excerpt/.test(file)) continue;
      const counts = countsOf(adapter, join(samples, file));
      real.join(counts);
      rows.push(counts.row(file));
    }
  } else rows.push("| samples: none beside the repository | | | | | | | |");
  console.log(`## ${name}\n\n${heading}\n${rows.join("\n")}\n`);
  totals.push(ours.row(`${name}, fixtures`), ...(real.records > 0 ? [real.row(`${name}, samples`)] : []));
}
console.log(`## All\n\n${heading}\n${totals.join("\n")}`);
