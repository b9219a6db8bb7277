import type { SqliteCatalog } from "../../src/catalog/sqlite-catalog.ts";
import type { Clock } from "../../src/clock.ts";
import type { Oracle } from "./oracle.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import type { Scheduler } from "./scheduler.ts";
import type { simulatedObjects } from "./simulated-objects.ts";

export const stores = ["5a1e0000-0000-4000-8000-00000000000a", "5a1e0000-0000-4000-8000-00000000000b"] as const;

/** What a run did, so that a test can tell a run that tried from one that did nothing. */
export interface RunCounts {
  appends: number;
  compactions: number;
  conflicts: number;
  merges: number;
  mergeConflicts: number;
  retentions: number;
  swept: number;
  queries: number;
  purges: number;
  publications: number;
  checkpoints: number;
  /** Objects of published logs. */
  cleaned: number;
  deaths: number;
}

export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly catalog: SqliteCatalog;
  readonly objects: ReturnType<typeof simulatedObjects>;
  readonly clock: Clock;
  readonly oracle: Oracle;
  readonly counts: RunCounts;
  readonly bug: PlantedBug | undefined;
  readonly newId: () => string;
  /** Paths that were ever in a commit. */
  readonly committed: Set<string>;
}
