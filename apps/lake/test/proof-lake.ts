import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { mergeStore } from "../src/compactor/merge-store.ts";
import { mergeLimits } from "../src/compactor/plan-merge.ts";
import { dropExpired } from "../src/care/drop-expired.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import type { Problem } from "../src/proof/problem.ts";
import { parseHeads } from "../src/proof/store-heads.ts";
import { verifyLake } from "../src/proof/verify-lake.ts";
import { duckDBCheckpointWriter } from "../src/publish/duckdb-checkpoint-writer.ts";
import { publishPorts, publishStore } from "./publish-store.ts";
import { ResultStore } from "../src/query/result-store.ts";
import { storeRecord } from "./catalog-contract.ts";

export const proofStore = "5a1e0000-0000-4000-8000-00000000a001";
export const quietStore = "5a1e0000-0000-4000-8000-00000000a002";
const dayMs = 86_400_000;
const firstDay = Date.UTC(2026, 0, 2);

/** Journal lines of `count` events of a day, ids from `from`. */
export function eventLines(day: number, from: number, count: number, more: object = {}): readonly string[] {
  return Array.from({ length: count }, (_, n) => {
    const eventtime = firstDay + day * dayMs + (from + n) * 1000;
    const eventid = `${Math.floor(eventtime / 1000).toString(16)}-0000-8000-8000-${(from + n).toString(16).padStart(12, "0")}`;
    return journalLine({
      eventid,
      eventtime,
      ingestiontime: eventtime + 5000,
      channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
      awsregion: "us-east-1",
      recipientaccountid: "111122223333",
      eventdata: JSON.stringify({
        version: "1.0",
        eventName: `event \u00e9 ${from + n}`,
        UID: `u${from + n}`,
        ...more,
      }),
    });
  });
}

/**
 * A small real lake in a directory: compacted, merged, with files that retention removed, a published log with checkpoints, rows that
 * wait and a query's result.
 */
export async function makeProofLake(data = join(mkdtempSync(join(tmpdir(), "tributary-proof-")), "lake")) {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  const objects = await openDirectoryObjects({ directory: join(data, "objects") });
  const shredder = await openDuckDBShredder({
    workDirectory: join(data, "work"),
    threads: 1,
    memoryBytes: 256 * 1024 ** 2,
  });
  const ports = { catalog, objects, shredder, clock: systemClock, newId: randomUUID };
  const lake = {
    data,
    objects,
    append: async (storeId: string, lines: readonly string[]): Promise<void> => {
      await catalog.append({
        generation: await catalog.generation(),
        entries: [{ storeId, events: lines.length, bytes: packLines(lines) }],
        ingestion: [],
        createdAt: Date.now(),
      });
    },
    compact: (storeId: string) => compactStore(ports, storeId, undefined),
  };
  for (const storeId of [proofStore, quietStore])
    await catalog.changeControl(await catalog.generation(), [{ kind: "putStore", store: storeRecord(storeId) }]);
  await lake.append(proofStore, [...eventLines(0, 0, 20), ...eventLines(1, 20, 20)]);
  await lake.compact(proofStore);
  await lake.append(proofStore, [...eventLines(1, 100, 10), ...eventLines(1, 30, 5)]);
  await lake.compact(proofStore);
  await mergeStore(ports, proofStore, { ...mergeLimits, fanIn: 2 });
  await dropExpired({ catalog, clock: { now: () => firstDay + 3 * dayMs, monotonic: () => 0 } }, proofStore, 2 * dayMs);
  await lake.append(proofStore, eventLines(2, 200, 10));
  await lake.compact(proofStore);
  const checkpoints = duckDBCheckpointWriter({ workDirectory: join(data, "work") });
  // Checkpoints at the versions 2 and 4.
  await publishStore(publishPorts({ catalog, objects, checkpoints }), proofStore, 2);
  await lake.append(proofStore, eventLines(3, 300, 7));
  await lake.append(quietStore, eventLines(3, 400, 3));
  const queryId = "0e0e0000-0000-4000-8000-000000000001";
  const query = {
    queryId,
    accountId: "111122223333",
    callerArn: "arn:aws:iam::111122223333:user/a",
    statement: "SELECT 1",
  };
  await catalog.startQuery({ ...query, storeIds: [proofStore], status: "QUEUED", createdAt: 1 }, 9);
  await catalog.moveQuery(queryId, ["QUEUED"], { status: "RUNNING" });
  const { rows: resultRows } = await new ResultStore(objects).write(queryId, ["a", "b"], pages());
  await catalog.moveQuery(queryId, ["RUNNING"], { status: "FINISHED", finishedAt: Date.now(), resultRows });
  await shredder.close();
  await catalog.close();
  return lake;
}

async function* pages(): AsyncGenerator<readonly (readonly (string | null)[])[]> {
  yield [
    ["1", null],
    ["2", "two"],
  ];
}

/** Every finding in a lake's directory, by the heads that were kept, as lines of JSON. */
export async function findings(data: string, heads?: string, storeId?: string): Promise<readonly Problem[]> {
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  try {
    return await findingsOf(catalog, data, heads, storeId);
  } finally {
    await catalog.close();
  }
}

export async function findingsOf(
  catalog: SqliteCatalog,
  data: string,
  heads?: string,
  storeId?: string,
): Promise<readonly Problem[]> {
  const found: Problem[] = [];
  await verifyLake({
    catalog,
    objects: await openDirectoryObjects({ directory: join(data, "objects") }),
    heads: heads === undefined ? [] : parseHeads(heads, "heads"),
    storeId,
    report: (problem) => found.push(problem),
  });
  return found;
}

export function removeLake(data: string): void {
  rmSync(join(data, ".."), { recursive: true, force: true });
}
