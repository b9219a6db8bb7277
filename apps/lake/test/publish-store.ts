import type { Catalog } from "../src/catalog/catalog.ts";
import type { Clock } from "../src/clock.ts";
import { systemClock } from "../src/clock.ts";
import type { Objects } from "../src/objects/objects.ts";
import {
  checkpointEvery,
  publishCheckpoint,
  type PublishPorts,
  publishVersions,
} from "../src/publish/publish-store.ts";
import { memoryCheckpoints } from "./memory-tables.ts";

let attempts = 0;

/** What publishing needs, with checkpoints in memory where no writer of them is given. */
export function publishPorts(ports: {
  readonly catalog: Catalog;
  readonly objects: Objects;
  readonly clock?: Clock;
  readonly checkpoints?: PublishPorts["checkpoints"];
}): PublishPorts & { readonly catalog: Catalog; readonly objects: Objects } {
  return { checkpoints: memoryCheckpoints, clock: systemClock, newId: () => `attempt-${attempts++}`, ...ports };
}

/** Publishes all that a store has, as care does, and answers the last version. */
export async function publishStore(
  ports: PublishPorts & { readonly catalog: Catalog },
  storeId: string,
  every: number = checkpointEvery,
): Promise<number> {
  for (;;) {
    const done = await publishVersions(ports, storeId, every);
    if (done === undefined) return (await ports.catalog.publication(storeId)).published;
    if (done.checkpointDue) await publishCheckpoint(ports, storeId, every);
  }
}
