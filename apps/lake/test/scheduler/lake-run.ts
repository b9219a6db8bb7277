import { openSqliteCatalog } from "../../src/catalog/sqlite-catalog.ts";
import type { Objects } from "../../src/objects/objects.ts";
import { readTable } from "../memory-tables.ts";
import { storeRecord } from "../catalog-contract.ts";
import { compactor, merger, querier, retention, sweeper, writer } from "./actors.ts";
import { purger } from "./purger.ts";
import { Oracle } from "./oracle.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { cleanAtEnd, cleaner, publisher } from "./publication-actors.ts";
import { PublishedTables } from "./published-tables.ts";
import { seededRandom } from "./random.ts";
import { type RunCounts, stores, type Surroundings } from "./surroundings.ts";
import { Scheduler, Violation } from "./scheduler.ts";
import { simulatedObjects } from "./simulated-objects.ts";

const actors: ReadonlyMap<string, (name: string, surroundings: Surroundings) => Promise<void>> = new Map([
  ["writer-1", writer],
  ["writer-2", writer],
  ["compactor-1", compactor],
  ["compactor-2", compactor],
  ["merger", merger],
  ["retention", retention],
  ["sweeper-1", sweeper],
  ["sweeper-2", sweeper],
  ["purger", purger],
  ["publisher-1", publisher],
  ["publisher-2", publisher],
  ["cleaner", cleaner],
  ["query-1", querier],
  ["query-2", querier],
]);

/**
 * Two lakes' actors over one catalog for `steps` store calls, then calm until all is done; throws a Violation when a promise is
 * broken. The whole run follows from the seed.
 */
export async function runLake(seed: number, bug: PlantedBug | undefined, steps = 700): Promise<RunCounts> {
  const random = seededRandom(seed);
  const scheduler = new Scheduler(random);
  const clock = { now: () => scheduler.now, monotonic: () => scheduler.now };
  const catalog = await openSqliteCatalog({ file: ":memory:", clock });
  const objects = simulatedObjects(scheduler);
  const counts: RunCounts = {
    appends: 0,
    compactions: 0,
    conflicts: 0,
    merges: 0,
    mergeConflicts: 0,
    retentions: 0,
    swept: 0,
    queries: 0,
    purges: 0,
    publications: 0,
    checkpoints: 0,
    cleaned: 0,
    deaths: 0,
  };
  await catalog.changeControl(
    1,
    stores.map((storeId) => ({ kind: "putStore", store: storeRecord(storeId) })),
  );
  const tables = new PublishedTables(catalog, objects.stored);
  let ids = 0;
  const surroundings: Surroundings = {
    scheduler,
    catalog,
    objects,
    clock,
    oracle: new Oracle(),
    counts,
    bug,
    newId: () => `id-${ids++}`,
    committed: new Set(),
  };
  try {
    for (const [name, body] of actors) await scheduler.start(name, () => body(name, surroundings));
    while (scheduler.step < steps) {
      await scheduler.advance();
      objects.deliverLate();
      await checkFiles(surroundings);
      await tables.check();
      if (random.chance(1)) await replace(random.pick(scheduler.names()), surroundings);
    }
    scheduler.calm = true;
    for (let left = 20_000; scheduler.names().length > 0; left--) {
      if (left === 0) throw new Violation(`nothing ends: ${scheduler.names().join(", ")}`);
      await scheduler.advance();
      objects.deliverLate();
      await checkFiles(surroundings);
      await tables.check();
    }
    objects.deliverLate(true);
    await cleanAtEnd(surroundings);
    await checkEnd(surroundings);
    await tables.check();
    await tables.checkEnd();
    return counts;
  } finally {
    await catalog.close();
  }
}

/** An actor's process is killed and another takes its place. */
async function replace(name: string, surroundings: Surroundings): Promise<void> {
  const { scheduler, counts, newId } = surroundings;
  scheduler.kill(name);
  counts.deaths += 1;
  const kind = name.split("+")[0]!;
  const next = `${kind}+${newId()}`;
  await scheduler.start(next, () => actors.get(kind)!(next, surroundings));
}

/** No live file is missing, at any moment. */
async function checkFiles({ catalog, objects, committed }: Surroundings): Promise<void> {
  for (const storeId of stores) {
    for (const { path } of (await catalog.snapshot(storeId)).files) {
      committed.add(path);
      if (!objects.stored.has(path)) throw new Violation(`the live file ${path} is missing`);
    }
  }
}

async function checkEnd({ catalog, objects, oracle }: Surroundings): Promise<void> {
  for (const storeId of stores) {
    if ((await catalog.readJournal(storeId, { maxEvents: 1, maxBytes: 1 })).length > 0)
      throw new Violation("the journal never drains");
    const rows = await readAll(
      objects,
      (await catalog.snapshot(storeId)).files.map(({ path }) => path),
    );
    oracle.checkQuery(storeId, oracle.acknowledged(storeId), rows, "the last query");
    oracle.checkLive(storeId, rows);
  }
}

async function readAll(objects: Objects, paths: readonly string[]): Promise<ReturnType<typeof readTable>> {
  const tables = await Promise.all(paths.map(async (path) => readTable(await objects.get(path))));
  return tables.flat();
}
