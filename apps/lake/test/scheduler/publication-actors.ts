import { cleanLogs } from "../../src/publish/clean-logs.ts";
import { publishCheckpoint, publishVersions } from "../../src/publish/publish-store.ts";
import { memoryCheckpoints } from "../memory-tables.ts";
import { withPublicationBug } from "./planted-bugs.ts";
import { TimedOut } from "./simulated-objects.ts";
import { stores, type Surroundings } from "./surroundings.ts";

const checkpointEvery = 2;
const grace = { logMs: 1_000_000, attemptMs: 365 * 86_400_000 };

/** Publishes what there is of the stores, and their checkpoints. */
export async function publisher(name: string, surroundings: Surroundings): Promise<void> {
  const { scheduler, catalog, objects, clock, counts, bug, newId } = surroundings;
  const ports = {
    catalog: scheduler.gated(name, withPublicationBug(catalog, bug)),
    objects: scheduler.gated(name, objects),
    checkpoints: memoryCheckpoints,
    clock,
    newId,
  };
  for (;;) {
    const unpublished = await ports.catalog.unpublishedStores();
    const storeId = scheduler.random.pick(unpublished.length > 0 ? unpublished : stores);
    await unlessTimedOut(async () => {
      const done = await publishVersions(ports, storeId, checkpointEvery);
      if (done !== undefined) counts.publications += 1;
      if (done?.checkpointDue === true && (await publishCheckpoint(ports, storeId, checkpointEvery)) !== undefined)
        counts.checkpoints += 1;
    });
    const others = scheduler.names().filter((each) => !each.startsWith("publisher") && !each.startsWith("cleaner"));
    if (scheduler.calm && others.length === 0 && (await catalog.unpublishedStores()).length === 0) return;
  }
}

/** Cleans up the published logs. */
export async function cleaner(
  name: string,
  { scheduler, catalog, objects, clock, counts, newId }: Surroundings,
): Promise<void> {
  const ports = {
    catalog: scheduler.gated(name, catalog),
    objects: scheduler.gated(name, objects),
    clock,
    newId,
  };
  while (!scheduler.calm) {
    if (scheduler.random.chance(30)) await scheduler.gate(name);
    else await unlessTimedOut(async () => void (counts.cleaned += await cleanLogs(ports, grace)));
  }
}

/** Cleans up what is left when everything has come to its end. */
export async function cleanAtEnd(ports: Surroundings): Promise<void> {
  await cleanLogs(ports, grace);
}

async function unlessTimedOut(attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof TimedOut)) throw error;
  }
}
