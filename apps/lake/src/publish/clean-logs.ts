import type { Catalog } from "../catalog/catalog.ts";
import type { LogToClean } from "../catalog/publication-catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import { logRetentionMs } from "./delta-version.ts";
import { logObjects } from "./log-paths.ts";
import { publishHint } from "./publish-store.ts";

export interface CleanPorts {
  readonly catalog: Pick<Catalog, "logsToClean" | "logCleaned" | "retirePublication" | "announceHint" | "recordHint">;
  readonly objects: Pick<Objects, "delete" | "replace">;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface CleanGrace {
  /** How long versions before a checkpoint stay, from the writing of the checkpoint. */
  readonly logMs: number;
  /** When a publisher that never ended is given up. Should it still come, it has what it wrote deleted, unless it dies in between. */
  readonly attemptMs: number;
}

export const cleanGrace: CleanGrace = { logMs: logRetentionMs, attemptMs: 30 * 86_400_000 };

/**
 * Deletes the published versions that came before the newest checkpoint that is older than the log's retention, and what late
 * publishers wrote of such versions. The catalog gives them up first; one that dies in between goes on the next time.
 */
export async function cleanLogs(ports: CleanPorts, grace: CleanGrace = cleanGrace): Promise<number> {
  let deleted = 0;
  for (const log of await ports.catalog.logsToClean(ports.clock.now() - grace.logMs))
    deleted += await cleanLog(ports, log, grace);
  return deleted;
}

/**
 * Ends a store's publication and deletes every object of it. It may be repeated. What a publisher that sleeps writes afterwards is
 * deleted by {@link cleanLogs}.
 */
export async function unpublishStore(ports: CleanPorts, storeId: string): Promise<number> {
  return await cleanLog(ports, await ports.catalog.retirePublication(storeId), cleanGrace);
}

async function cleanLog(ports: CleanPorts, log: LogToClean, grace: CleanGrace): Promise<number> {
  const { catalog, objects, clock } = ports;
  // Before a checkpoint goes: a publisher that slept may have named it again.
  if (!log.retired) await publishHint(ports, log.storeId);
  let deleted = 0;
  for (const path of logObjects(log)) {
    await objects.delete(path);
    deleted += 1;
  }
  await catalog.logCleaned(log, clock.now() - grace.attemptMs);
  return deleted;
}
