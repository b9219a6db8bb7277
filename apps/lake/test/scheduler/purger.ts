import { Purging } from "../../src/care/purging.ts";
import type { Catalog } from "../../src/catalog/catalog.ts";
import type { Objects } from "../../src/objects/objects.ts";
import { memoryShredder } from "../memory-tables.ts";
import { Violation } from "./scheduler.ts";
import { stores, type Surroundings } from "./surroundings.ts";

/** What was ordered, with what waited in the journal at that moment. */
const orders = new WeakMap<
  Catalog,
  Map<string, { readonly eventIds: readonly string[]; readonly rows: ReadonlySet<number> }>
>();

/** Orders purges of events that were sent, and does them, one piece at a time. */
export const purger = async (name: string, surroundings: Surroundings): Promise<void> => {
  const { scheduler, catalog, objects, clock, oracle, counts, bug, newId } = surroundings;
  const { random } = scheduler;
  const port = scheduler.gated(name, catalog);
  if (!orders.has(catalog)) orders.set(catalog, new Map());
  const own = orders.get(catalog)!;
  const done = new Set<string>();
  /** Thrown where nothing catches it to try again. */
  let broken: Violation | undefined;
  /** A swift one does each piece while all others stand still. */
  const purgingBy = (calls: Catalog, store: Objects): Purging =>
    new Purging({
      catalog: {
        ...calls,
        ...(bug === "a purge forgets the journal" && { purgeAwaitsJournal: async () => false }),
        ...(bug === "a purge does not wait for readers" && {
          purgedQueries: async (purgeId: string) => ({ ...(await catalog.purgedQueries(purgeId)), working: 0 }),
        }),
        advancePurge: async (purgeId, from, to) => {
          const advanced = await calls.advancePurge(purgeId, from, to);
          if (advanced && to.stage === "done") await finish(purgeId);
          return advanced;
        },
      },
      objects: store,
      shredder: memoryShredder(objects),
      clock,
      newId,
      quiet: async () => undefined,
      log: () => undefined,
    });
  const slow = purgingBy(port, scheduler.gated(name, objects));
  const swift = purgingBy(catalog, objects);
  let purging = slow;
  /** Told at the moment of the change, before anyone else moves. */
  const finish = async (purgeId: string): Promise<void> => {
    const { storeId } = (await catalog.purges()).find((purge) => purge.purgeId === purgeId)!;
    const { eventIds, rows } = own.get(purgeId)!;
    if (done.has(purgeId)) return;
    done.add(purgeId);
    for (const { pos } of await catalog.readJournal(storeId, { maxEvents: 1e6, maxBytes: 1e9 }))
      if (rows.has(pos)) broken = new Violation(`purge ${purgeId} is done, and a row from before it is in the journal`);
    oracle.purgeDone(storeId, eventIds);
    counts.purges += 1;
  };
  for (;;) {
    const waiting = (await catalog.purges()).some(({ stage }) => stage !== "done");
    if (scheduler.calm && !waiting) return;
    if (!scheduler.calm && !waiting && random.chance(40)) {
      const storeId = random.pick(stores);
      const issued = oracle.issued(storeId);
      if (issued.length > 0) {
        const eventIds = Array.from({ length: 1 + random.below(6) }, () => random.pick(issued));
        const purgeId = newId();
        purging = random.chance(50) ? swift : slow;
        await scheduler.gate(name);
        const rows = await catalog.readJournal(storeId, { maxEvents: 1e6, maxBytes: 1e9 });
        oracle.orderPurge(storeId, eventIds);
        own.set(purgeId, { eventIds, rows: new Set(rows.map(({ pos }) => pos)) });
        await catalog.orderEventPurge({ purgeId, storeId, eventIds, createdAt: scheduler.now });
        continue;
      }
    }
    await scheduler.gate(name);
    await purging.step();
    if (broken !== undefined) throw broken;
  }
};
