// node packages/repository/scripts/mutate-mappings.ts [adapter ...]: takes each row out of each adapter's mapping and runs the fixtures.
// Prints the rows that no fixture misses. Exit code 1 when there are some.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { adapterNames } from "./adapter-files.ts";
import { mappingMutants } from "./mapping-mutants.ts";

const root = join(import.meta.dirname, "..", "..", "..");
/** The files of an adapter that its main entry imports: what pollers and receivers need comes later, and their suites hold it. */
function mappingFiles(source: string): readonly string[] {
  const found = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(source, file), "utf8");
    for (const [, kind, target] of text.matchAll(/^(?:import|export) (type )?[^"]*? from "(\.[^"]+)";$/gms))
      if (kind === undefined && target !== undefined) follow(join(dirname(file), target));
  };
  follow("index.ts");
  return [...found].toSorted();
}

/** custom's mappings are the tables of its formats; what runs mapping documents has tests of its own. */
const isTable = (name: string, file: string): boolean => name !== "custom" || file.startsWith("formats/");

/**
 * Rows that no fixture can miss, and why: what a definition says of itself is told by listings, not by events.
 */
const exempt: readonly RegExp[] = [
  // Readers of texts are no mappings: vectors and round trips hold them.
  /\/src\/(?:\w+\/)?(?:read-[a-z-]+|syslog-line|syslog)\.ts/,
  // What a schema asks for is told by what it refuses, in the suite.
  /: (?:\w+|\[\w+\]): T\.|: (?:minLength|pattern|minimum|maximum|default|description): /,
  /: (?:name|source|displayName|experimental|options|poll|webhook|names|record|code|path|why): /,
  // Elements of an activity that are no events are refused: what goes along with them is seen in previews alone.
  /custom\/src\/formats\/google-workspace\.ts:\d+: (?:event,|eventIndex)$/,
];

/** A mutant that takes longer turns in a circle: noticed. */
const mostMs = 30_000;

/** Asks a thread whether an adapter's fixtures notice a mutant; a new thread after one that did not answer. */
class Judge {
  readonly #folder: string;
  #worker: Worker | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async isNoticed(place: string): Promise<boolean> {
    const kit = join(root, "packages/adapter-kit/dist/suite/index.js");
    const worker = (this.#worker ??= new Worker(new URL("mutant-worker.ts", import.meta.url), {
      workerData: { kit, folder: this.#folder },
    }));
    const late = AbortSignal.timeout(mostMs);
    try {
      worker.postMessage(place);
      const [noticed] = (await once(worker, "message", { signal: late })) as [boolean];
      return noticed;
    } catch (error) {
      await this.close();
      if (late.aborted) return true;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

let survivors = 0;
const wanted = process.argv.slice(2);
for (const name of adapterNames().filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const folder = join(root, "packages/adapters", name);
  const work = join(folder, ".mutants");
  const judge = new Judge(folder);
  const copy = (place: string): void => cpSync(join(folder, "src"), join(work, place, "src"), { recursive: true });
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  try {
    copy("whole");
    if (await judge.isNoticed("whole"))
      throw new Error(`${name}: a fixture fails without any mutation: build and test it first.`);
    let rows = 0;
    const unnoticed: string[] = [];
    for (const file of mappingFiles(join(folder, "src")).filter((one) => isTable(name, one)))
      for (const { line, row, source } of mappingMutants(file, readFileSync(join(folder, "src", file), "utf8"))) {
        const place = `mutant-${rows++}`;
        copy(place);
        writeFileSync(join(work, place, "src", file), source);
        const noticed = await judge.isNoticed(place);
        rmSync(join(work, place), { recursive: true });
        const told = `packages/adapters/${name}/src/${file}:${line}: ${row}`;
        if (!noticed && !exempt.some((one) => one.test(told))) unnoticed.push(`  ${told}`);
      }
    console.log(`${name}: ${rows} rows, ${unnoticed.length} that no fixture misses`);
    for (const one of unnoticed) console.log(one);
    survivors += unnoticed.length;
  } finally {
    await judge.close();
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(`${survivors} rows without a fixture`);
process.exitCode = survivors > 0 ? 1 : 0;
