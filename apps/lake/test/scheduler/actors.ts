import { TributaryError } from "@tributary/schema";
import { dropExpired } from "../../src/care/drop-expired.ts";
import { sweep } from "../../src/care/sweep.ts";
import type { StoreSnapshot } from "../../src/catalog/store-catalog.ts";
import { compactStore } from "../../src/compactor/compact-store.ts";
import { mergeStore } from "../../src/compactor/merge-store.ts";
import { withoutDuplicateCheck } from "../../src/compactor/without-duplicate-check.ts";
import { type JournalEvent, journalLine, packLines, unpackEvents } from "../../src/journal/journal-line.ts";
import { memoryShredder, readTable } from "../memory-tables.ts";
import { stores, type Surroundings } from "./surroundings.ts";
import { withCommitBug } from "./planted-bugs.ts";
import { type Scheduler, Violation } from "./scheduler.ts";
import { TimedOut } from "./simulated-objects.ts";

type Body = (name: string, surroundings: Surroundings) => Promise<void>;

const dayMs = 86_400_000;
const compaction = { maxEvents: 8, maxBytes: 1e6, maxDays: 2, maxTextBytes: 1e6 };
const firstDayEnd = Date.parse("2026-05-02T00:00:00Z");
const grace = { intentMs: 3000, removedFileMs: 1500 };

/** Sends events of a few days to one or both stores, and some of them again. */
export const writer: Body = async (name, { scheduler, catalog, oracle, counts, bug }) => {
  const { random } = scheduler;
  const port = scheduler.gated(name, catalog);
  const sent: JournalEvent[] = [];
  while (!scheduler.calm) {
    if (random.chance(60)) {
      await scheduler.gate(name);
      continue;
    }
    const events = Array.from({ length: 1 + random.below(3) }, () => {
      const event =
        sent.length > 0 && random.chance(40)
          ? { ...random.pick(sent), ingestiontime: scheduler.now }
          : newEvent(scheduler, name, sent.length);
      sent.push(event);
      return event;
    });
    const storeIds = random.chance(30) ? stores : [random.pick(stores)];
    const bytes = packLines(events.map(journalLine));
    for (const storeId of storeIds) for (const event of events) oracle.issue(storeId, event);
    const acknowledge = (): void => {
      for (const storeId of storeIds) for (const event of events) oracle.acknowledge(storeId, event);
    };
    if (bug === "an answer before the commit") acknowledge();
    const entries = storeIds.map((storeId) => ({ storeId, events: events.length, bytes }));
    const { kind } = await port.append({ generation: 2, entries, ingestion: [], createdAt: scheduler.now });
    // Issued again at the moment of its commit: retention may have dropped its day while this writer slept.
    for (const storeId of storeIds) for (const event of events) oracle.issue(storeId, event);
    if (kind === "committed") acknowledge();
    counts.appends += 1;
  }
};

function newEvent(scheduler: Scheduler, name: string, n: number): JournalEvent {
  const { random } = scheduler;
  const eventtime = Date.parse("2026-05-01T00:00:00Z") + random.below(4) * dayMs + random.below(100) * 1000;
  const unique = `${(name.length * 7919 + n).toString(16)}${Buffer.from(name).toString("hex")}`;
  return {
    eventid: `${(eventtime / 1000).toString(16)}-${unique}`,
    eventtime,
    ingestiontime: scheduler.now,
    channelarn: "c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata: `{"UID":"${unique}"}`,
  };
}

export const compactor: Body = async (name, surroundings) => {
  const { scheduler, catalog, objects, clock, counts, bug, newId } = surroundings;
  const ports = {
    catalog: {
      ...scheduler.gated(name, catalog),
      ...scheduler.gated(name, withCommitBug(catalog, bug)),
      ...(bug === "a compactor knows no tombstones" && { tombstones: async () => [] }),
    },
    objects: scheduler.gated(name, objects),
    shredder: bug === "no duplicate check" ? withoutDuplicateCheck(memoryShredder(objects)) : memoryShredder(objects),
    clock,
    newId,
  };
  for (;;) {
    const storeId = scheduler.random.pick(stores);
    await tolerant(async () => {
      const outcome = await compactStore(ports, storeId, undefined, compaction);
      if (outcome.kind === "compacted") counts.compactions += 1;
      if (outcome.kind === "conflict") counts.conflicts += 1;
    });
    if (
      scheduler.calm &&
      !scheduler.names().some((each) => each.startsWith("writer")) &&
      (await catalog.journalBacklog()).length === 0
    )
      return;
  }
};

/** Answers that were lost and files that were swept meanwhile fail one attempt; whoever made it starts again. */
async function tolerant(attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof TimedOut) && !(error instanceof TributaryError && error.code === "OBJECT_MISSING"))
      throw error;
  }
}

const merging = { tiers: [1e6], fanIn: 2, maxFiles: 4, maxBytes: 1e6, maxRows: 1000 };

/** Puts files of a day together, dropping what is there twice. */
export const merger: Body = async (name, surroundings) => {
  const { scheduler, catalog, objects, clock, counts, bug, newId } = surroundings;
  const ports = {
    catalog: { ...scheduler.gated(name, catalog), ...scheduler.gated(name, withCommitBug(catalog, bug)) },
    objects: scheduler.gated(name, objects),
    shredder: memoryShredder(objects),
    clock,
    newId,
  };
  while (!scheduler.calm) {
    const storeId = scheduler.random.pick(stores);
    await tolerant(async () => {
      const outcome = await mergeStore(ports, storeId, merging);
      if (outcome.kind === "merged") counts.merges += 1;
      if (outcome.kind === "conflict") counts.mergeConflicts += 1;
    });
  }
};

/** Once in a while drops the files of the first day. */
export const retention: Body = async (name, { scheduler, catalog, objects, clock, oracle, counts }) => {
  const port = scheduler.gated(name, catalog);
  while (!scheduler.calm) {
    const storeId = scheduler.random.pick(stores);
    if (scheduler.random.chance(90)) {
      await scheduler.gate(name);
      continue;
    }
    const files = await dropExpired({ catalog: port, clock }, storeId, scheduler.now - firstDayEnd);
    if (files.length === 0) continue;
    counts.retentions += 1;
    const waiting = (await catalog.readJournal(storeId, { maxEvents: 1e6, maxBytes: 1e9 })).flatMap(({ bytes }) =>
      unpackEvents(bytes).map(({ eventid }) => eventid),
    );
    oracle.dropped(
      storeId,
      files[0]!.eventDay,
      files.flatMap(({ path }) => readTable(objects.stored.get(path)!)),
      new Set(waiting),
    );
  }
};

export const sweeper: Body = async (name, { scheduler, catalog, objects, clock, counts, bug, committed }) => {
  const store = scheduler.gated(name, objects);
  const port = scheduler.gated(name, catalog);
  const removedPinnedOrNot = async (): Promise<readonly string[]> => {
    // oxlint-disable-next-line unicorn/consistent-function-scoping -- it reads what this actor reads
    const of = async (storeId: string): Promise<readonly string[]> => {
      const { published } = await catalog.publication(storeId);
      const { files } = await catalog.storeProof(storeId);
      return files.filter(({ removedVersion = Infinity }) => removedVersion <= published).map(({ path }) => path);
    };
    return (await Promise.all(stores.map(of))).flat();
  };
  const ports = {
    catalog: {
      takeOldIntents: (before: number) => port.takeOldIntents(before),
      removableFiles:
        bug === "the sweeper ignores pins" ? removedPinnedOrNot : (before: number) => port.removableFiles(before),
      forgetFiles: (paths: readonly string[]) => port.forgetFiles(paths),
    },
    objects: store,
    clock,
  };
  while (!scheduler.calm) {
    if (bug !== "the sweeper ignores intents") {
      counts.swept += await sweep(ports, grace);
      continue;
    }
    await scheduler.gate(name);
    for (const path of Array.from(objects.stored.keys())) {
      if (path.includes("/_delta_log/")) continue;
      if (!committed.has(path) && objects.writtenAt.get(path)! < clock.now() - grace.intentMs)
        await objects.delete(path);
    }
  }
};

/** Starts a query, waits until it is ready, reads its files and checks what it read. */
export const querier: Body = async (name, { scheduler, catalog, objects, oracle, counts, bug, newId }) => {
  const port = scheduler.gated(name, catalog);
  const store = scheduler.gated(name, objects);
  // What this one's killed predecessor was at.
  for (const { queryId } of await catalog.unsettledQueries()) {
    if (queryId.startsWith(name.split("+")[0]!)) {
      await catalog.moveQuery(queryId, ["RUNNING"], { status: "FAILED", finishedAt: scheduler.now });
      await catalog.settleQuery(queryId);
    }
  }
  while (!scheduler.calm) {
    const storeIds = scheduler.random.chance(50) ? [...stores] : [scheduler.random.pick(stores)];
    const queryId = `${name}-${newId()}`;
    const mustSee = new Map<string, ReadonlySet<string>>(
      storeIds.map((storeId) => [storeId, oracle.acknowledged(storeId)]),
    );
    await port.startQuery(
      {
        queryId,
        accountId: "1",
        callerArn: "a",
        statement: "SELECT 1",
        storeIds,
        status: "QUEUED",
        createdAt: scheduler.now,
      },
      1000,
    );
    const mustNotSee = new Map<string, ReadonlySet<string>>(
      storeIds.map((storeId) => [storeId, oracle.purged(storeId)]),
    );
    const early = await Promise.all(storeIds.map((storeId) => catalog.snapshot(storeId)));
    // A purge may end it before it runs; once it runs its files stay until it is settled.
    const ready = await untilReady(port, queryId);
    if (ready === undefined || !(await port.moveQuery(queryId, ["QUEUED"], { status: "RUNNING" }))) continue;
    for (const { storeId, files } of bug === "a query pins too early" ? early : ready.snapshots) {
      const rows: JournalEvent[] = [];
      for (const { path } of files) {
        const bytes = await store.get(path).catch(() => {
          throw new Violation(`${name} finds its file ${path} missing`);
        });
        rows.push(...readTable(bytes));
      }
      oracle.checkQuery(storeId, mustSee.get(storeId)!, rows, name, mustNotSee.get(storeId));
    }
    await port.moveQuery(queryId, ["RUNNING"], { status: "FINISHED" });
    await port.settleQuery(queryId);
    counts.queries += 1;
  }
};

async function untilReady(
  port: Pick<Surroundings["catalog"], "readyQuery">,
  queryId: string,
): Promise<{ readonly snapshots: readonly StoreSnapshot[] } | undefined> {
  try {
    for (;;) {
      const ready = await port.readyQuery(queryId);
      if (ready.kind === "ready") return ready;
    }
  } catch (error) {
    if (error instanceof TributaryError && error.code === "QUERY_NOT_ACTIVE") return undefined;
    throw error;
  }
}
