import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";
import { isPurgeDue } from "../control/deletion-wait.ts";
import { confirmMs } from "./retention.ts";

export interface DeletionPorts {
  readonly catalog: Pick<Catalog, "readControl" | "changeControl">;
  readonly clock: Clock;
  readonly newId: () => string;
}

/**
 * Begins the purge of deleted stores whose seven days are over: by every look for ten minutes of monotonic time, so that a clock
 * that jumps ahead and comes back ends nothing. A store that is restored meanwhile changes the generation, and stays.
 */
export class Deletions {
  readonly #ports: DeletionPorts;
  /** Since when each store was found due. */
  #since = new Map<string, number>();

  constructor(ports: DeletionPorts) {
    this.#ports = ports;
  }

  /** One look at every store. Answers the ids of those that are no more. */
  async look(): Promise<readonly string[]> {
    const { catalog, clock, newId } = this.#ports;
    const { generation, stores } = await catalog.readControl();
    const now = clock.monotonic();
    const since = new Map<string, number>();
    for (const store of stores.values())
      if (isPurgeDue(store, clock.now())) since.set(store.storeId, this.#since.get(store.storeId) ?? now);
    this.#since = since;
    const due = [...since].filter(([, first]) => now - first >= confirmMs).map(([storeId]) => storeId);
    if (due.length === 0) return [];
    const changes = due.map((storeId) => ({
      kind: "deleteStore" as const,
      storeId,
      purgeId: newId(),
      reason: "An event data store of the query was deleted.",
    }));
    return (await catalog.changeControl(generation, changes)).kind === "changed" ? due : [];
  }
}
