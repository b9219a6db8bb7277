// node packages/repository/scripts/mutate-mappings.ts [adapter ...]: takes each row out of each adapter's mapping and runs the fixtures.
// Prints the rows that no fixture misses. Exit code 1 when there are some.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
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
 * Rows that no fixture can miss, and why: what a definition says of itself is told by listings, not by events, and a fixture's own
 * text must not hold what is masked.
 */
const exempt: readonly RegExp[] = [
  /: (?:name|source|displayName|experimental|options|poll|webhook|names|record|code|path|why): /,
  /crowdstrike\/src\/mask-audit-keys\.ts/,
];

interface Kit {
  readFixtures(adapter: unknown, folder: URL): readonly unknown[];
  compareFixture(adapter: unknown, fixture: unknown): { readonly actual: string; readonly expected: string };
}
const kit = (await import(pathToFileURL(join(root, "packages/adapter-kit/dist/suite/index.js")).href)) as Kit;

let survivors = 0;
const wanted = process.argv.slice(2);
for (const name of adapterNames().filter((one) => wanted.length === 0 || wanted.includes(one))) {
  const folder = join(root, "packages/adapters", name);
  const work = join(folder, ".mutants");
  const adapterAt = async (place: string): Promise<unknown> =>
    ((await import(pathToFileURL(join(work, place, "src/index.ts")).href)) as { readonly default: unknown }).default;
  const copy = (place: string): void => cpSync(join(folder, "src"), join(work, place, "src"), { recursive: true });
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work);
  try {
    copy("whole");
    const whole = await adapterAt("whole");
    const fixtures = kit.readFixtures(whole, pathToFileURL(join(folder, "test/fixtures/")));
    const fails = (adapter: unknown): boolean =>
      fixtures.some((fixture) => {
        try {
          const { actual, expected } = kit.compareFixture(adapter, fixture);
          return actual !== expected;
        } catch {
          return true;
        }
      });
    if (fails(whole)) throw new Error(`${name}: a fixture fails without any mutation: build and test it first.`);
    let rows = 0;
    const unnoticed: string[] = [];
    for (const file of mappingFiles(join(folder, "src")).filter((one) => isTable(name, one)))
      for (const { line, row, source } of mappingMutants(file, readFileSync(join(folder, "src", file), "utf8"))) {
        const place = `mutant-${rows++}`;
        copy(place);
        writeFileSync(join(work, place, "src", file), source);
        const noticed = await adapterAt(place).then(fails, () => true);
        rmSync(join(work, place), { recursive: true });
        const told = `packages/adapters/${name}/src/${file}:${line}: ${row}`;
        if (!noticed && !exempt.some((one) => one.test(told))) unnoticed.push(`  ${told}`);
      }
    console.log(`${name}: ${rows} rows, ${unnoticed.length} that no fixture misses`);
    for (const one of unnoticed) console.log(one);
    survivors += unnoticed.length;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
console.log(`${survivors} rows without a fixture`);
process.exitCode = survivors > 0 ? 1 : 0;
