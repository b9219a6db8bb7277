import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Intake } from "../src/daemon/intake.ts";
import { seededRandom } from "../src/delivery/back-off.ts";
import type { SendAnswer, Sender } from "../src/delivery/sender.ts";
import { ChunkFlow } from "../src/pipeline/chunk-flow.ts";
import { differencesOf } from "../src/state/differences-of.ts";
import { foldSettled } from "../src/state/fold-settled.ts";
import { integrationNumbers } from "../src/state/integration-numbers.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { stateReport } from "../src/state/state-report.ts";
import type { Changes } from "../src/state/store.ts";
import { instantClock } from "./support/instant-clock.ts";
import line from "./support/line-adapter.ts";

vi.setConfig({ testTimeout: 120_000 });

const destinations = [1, 2, 3].map((n) => ({
  name: `to-${n}`,
  arn: `arn:aws:cloudtrail:us-east-1:11112222333${n}:channel/0c1d2e3f-0000-4000-8000-00000000000${n}`,
  accountId: `11112222333${n}`,
}));

const horizon = { now: Date.UTC(2026, 0, 2), rememberDays: 90, droppedDays: 90, droppedRecords: 1000 };

class Crash extends Error {}

/** Dies at its n-th commit: before it, or after it was made. */
class MortalStore extends IntegrationStore {
  left = Number.POSITIVE_INFINITY;
  after = false;

  override async commit(changes: Changes): Promise<void> {
    if (this.left-- > 0) return super.commit(changes);
    if (this.after) await super.commit(changes);
    this.left = 0;
    throw new Crash();
  }
}

/** What a channel does with an event, by a number: mostly takes it. */
function answerOf(events: readonly { readonly id: string }[], random: () => number): SendAnswer {
  const successful: { id: string; eventID: string }[] = [];
  const failed: { id: string; errorCode: string; errorMessage: string }[] = [];
  for (const { id } of events) {
    const luck = random();
    if (luck < 0.75) successful.push({ id, eventID: "e" });
    else if (luck < 0.85) failed.push({ id, errorCode: "Throttling", errorMessage: "less" });
    else if (luck < 0.95) failed.push({ id, errorCode: "InvalidData", errorMessage: "never" });
  }
  return { successful, failed };
}

interface Run {
  readonly database: StateDatabase;
  readonly random: () => number;
  /** Ids that each destination's channel took, by how often. */
  readonly took: readonly Map<string, number>[];
}

async function deliver(
  { database, random, took }: Run,
  index: number,
  number: number,
  { crashAt, refuses }: { readonly crashAt: number; readonly refuses: boolean },
): Promise<void> {
  const { arn: channelArn, accountId } = destinations[index]!;
  const sender: Sender = {
    // oxlint-disable-next-line require-await -- a throw must be a rejection
    async send({ auditEvents }) {
      if (refuses)
        throw Object.assign(new Error("not you"), {
          name: "AccessDeniedException",
          $metadata: { httpStatusCode: 403 },
        });
      const answer = answerOf(auditEvents, random);
      for (const { id } of answer.successful ?? []) took[index]!.set(id!, (took[index]!.get(id!) ?? 0) + 1);
      return answer;
    },
    close: () => undefined,
  };
  const store = new MortalStore(database, number);
  store.left = crashAt;
  store.after = random() < 0.5;
  const clock = instantClock();
  const flow = new ChunkFlow(
    {
      adapter: line,
      channelArn,
      store,
      sender,
      clock,
      random,
      pauseAfter: 0,
      backOff: { baseMs: 1, capMs: 2, maxAttempts: 2, giveUpAfterMs: 1000 },
    },
    accountId,
    () => undefined,
  );
  try {
    for (const id of await store.openChunks(0, 1000)) {
      const stored = await store.chunk(id);
      if (stored !== undefined) await flow.takeUp(stored);
    }
    await flow.drain();
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    flow.courier.stop({ kind: "interrupted", code: "INTERRUPTED", message: "" });
    await flow.courier.drain();
  }
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("take" as const), count: fc.integer({ min: 1, max: 12 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("deliver" as const),
      index: fc.nat({ max: 2 }),
      crashAt: fc.oneof(fc.constant(1e9), fc.nat({ max: 4 })),
      refuses: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("fold" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("reconfigure" as const), have: fc.subarray([0, 1, 2], { minLength: 1 }) }),
  },
);

test("any order of intake, deliveries, refusals, deaths in the middle, and destinations that come and go: for each the sum holds at every commit, and each record it was given has one end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), fc.integer(), async (steps, seed) => {
      const database = openStateFile(":memory:");
      const random = seededRandom(seed);
      const took = destinations.map(() => new Map<string, number>());
      const run = { database, random, took };
      const given = destinations.map(() => [] as string[]);
      let have: readonly number[] = [0, 1, 2];
      let next = 0;
      const numbersOf = (indexes: readonly number[]) =>
        integrationNumbers(database, {
          name: "a",
          adapter: line,
          destinations: indexes.map((index) => destinations[index]!),
        });
      const all = (await numbersOf([0, 1, 2])).destinations;
      const check = async () => {
        for (const report of await stateReport(database)) {
          expect(differencesOf(report)).toEqual([]);
          const { read, queued, ...ends } = report.counts;
          expect(read).toBe(Object.values(ends).reduce((sum, n) => sum + n, queued));
        }
      };
      try {
        for (const one of steps) {
          if (one.kind === "take") {
            const { intake: number, destinations: to } = await numbersOf(have);
            const store = new IntegrationStore(database, number, undefined, { destinations: to });
            const intake = new Intake({
              adapter: line,
              store,
              clock: instantClock(),
              queuedEvents: 1e6,
              onStored: () => undefined,
            });
            const frames = Array.from({ length: one.count }, () => {
              const id = `id-${next++}`;
              for (const index of have) given[index]!.push(id);
              const bytes = Buffer.from(JSON.stringify({ at: "2026-01-01T00:00:00Z", what: "Test", id }));
              return { bytes, offset: next, occurrence: 0, tooLong: false };
            });
            await intake.commit({ spool: await intake.chunks("test", "jsonl", frames) });
          } else if (one.kind === "deliver") await deliver(run, one.index, all[one.index]!, one);
          else if (one.kind === "fold") await foldSettled(database, horizon);
          else have = one.have;
          // The cursors of its sources stay where they are, whatever it goes to.
          expect((await numbersOf(have)).intake).toBe(all[0]);
          await check();
        }
        // In the end everything is let through.
        for (let round = 0; round < 40; round++)
          for (const [index, number] of all.entries())
            await deliver(run, index, number, { crashAt: 1e9, refuses: false });
        await check();
        for (const [index, number] of all.entries()) {
          const report = (await stateReport(database)).find(
            ({ channelArn }) => channelArn === destinations[index]!.arn,
          )!;
          const { counts } = report;
          expect(counts).toMatchObject({ read: given[index]!.length, queued: 0, changed: 0, dropped: 0 });
          expect(counts.delivered + counts.already + counts.dead).toBe(given[index]!.length);
          // What is dead was never taken, what was taken was given.
          const mine = new Set(given[index]);
          expect([...took[index]!.keys()].every((id) => mine.has(id))).toBe(true);
          expect(took[index]!.size).toBeGreaterThanOrEqual(counts.delivered);
          expect(await new IntegrationStore(database, number).openChunks(0, 10)).toEqual([]);
        }
        expect(await database.all("SELECT chunk FROM spool")).toEqual([]);
        expect(await database.all("SELECT chunk FROM mapped")).toEqual([]);
      } finally {
        await database.close();
      }
    }),
    { numRuns: 150 },
  );
});
