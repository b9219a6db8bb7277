import { Type } from "@sinclair/typebox";
import { type Adapter, defineAdapter, jsonLines, Refused, utcSeconds } from "@tributary/adapter-kit";
import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { seededRandom } from "../src/delivery/back-off.ts";
import type { SendAnswer, Sender } from "../src/delivery/sender.ts";
import { forward } from "../src/pipeline/forward.ts";
import { askReplay } from "../src/state/ask-replay.ts";
import { DeadLetters } from "../src/state/dead-letters.ts";
import { differencesOf } from "../src/state/differences-of.ts";
import { discardLetters } from "../src/state/discard-letters.ts";
import { foldSettled } from "../src/state/fold-settled.ts";
import { integrationNumber } from "../src/state/integration-number.ts";
import { IntegrationStore } from "../src/state/integration-store.ts";
import { openStateFile } from "../src/state/sqlite-state.ts";
import type { StateDatabase } from "../src/state/state-database.ts";
import { stateReport } from "../src/state/state-report.ts";
import type { Changes } from "../src/state/store.ts";
import { instantClock } from "./support/instant-clock.ts";
import { channelArn } from "./support/scene.ts";

vi.setConfig({ testTimeout: 120_000 });

/** What one record is like: refused by the adapter or by the service below a level, or dropped. */
interface Kind {
  readonly adapter: number;
  readonly service: number;
  readonly noise: boolean;
}

/** An adapter and a service get better with every level: what they refuse at one, they take at a higher one. */
function adapterAt(level: number): Adapter {
  return defineAdapter({
    name: "levels",
    source: "Custom",
    displayName: "Levels",
    record: Type.Object({ id: Type.String(), adapter: Type.Number(), service: Type.Number(), noise: Type.Boolean() }),
    split: (value) => (Array.isArray(value) ? value : [value]),
    drops: { noise: "Heartbeats say nothing." },
    drop: (record) => (record.noise ? "noise" : undefined),
    eventId: (record) => record.id,
    toEvent: (record, { id }) => {
      if (record.adapter > level) throw new Refused("TOO_NEW", `It takes level ${record.adapter}.`);
      return {
        version: "1.0",
        userIdentity: { type: "Test", principalId: "tester" },
        eventSource: "levels.example.com",
        eventName: `needs-${record.service}`,
        eventTime: utcSeconds("2026-01-01T00:00:00Z"),
        UID: id,
      };
    },
    formats: { jsonl: jsonLines },
  });
}

class Crash extends Error {}

/** Dies at its n-th commit: before it, or after it was made. */
class MortalStore extends IntegrationStore {
  left = Number.POSITIVE_INFINITY;
  after = false;

  override async commit(changes: Changes): Promise<void> {
    // At the very end it would read its inputs again, which is another promise's test.
    if (this.left-- > 0 || changes.cursors?.some(({ done }) => done) === true) return super.commit(changes);
    if (this.after) await super.commit(changes);
    this.left = 0;
    throw new Crash();
  }
}

const kind = fc.record({
  adapter: fc.integer({ min: 0, max: 2 }),
  service: fc.integer({ min: 0, max: 2 }),
  noise: fc.boolean().map((noise) => noise),
});
/** Records of one line: several are an array, which is split. */
const frame = fc.array(kind, { minLength: 1, maxLength: 3 });
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("read" as const), frames: fc.array(frame, { maxLength: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("replay" as const),
      code: fc.constantFrom(undefined, "TOO_NEW", "InvalidData"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("discard" as const), nth: fc.nat({ max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("send" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("down" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("improve" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fold" as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("die" as const), at: fc.nat({ max: 5 }), after: fc.boolean() }) },
);

/** A world with one state, one service with memory, and records that were issued. */
class World {
  readonly database: StateDatabase = openStateFile(":memory:");
  readonly issued: string[] = [];
  readonly stored = new Map<string, number>();
  level = 0;
  isDown = false;
  /** Files that were not read to their end, by name. */
  readonly #files = new Map<string, string>();
  #named = 0;

  async run(
    frames: readonly (readonly Kind[])[],
    mortal?: { readonly at: number; readonly after: boolean },
  ): Promise<void> {
    const lines = frames.map((records) => {
      const values = records.map((record) => {
        const id = `id-${this.issued.length}`;
        this.issued.push(id);
        return { id, ...record };
      });
      return `${JSON.stringify(values.length === 1 ? values[0] : values)}\n`;
    });
    this.#files.set(`/in-${this.#named++}`, lines.join(""));
    for (let life = 0; life < 2; life++) {
      const number = await integrationNumber(this.database, "levels", channelArn);
      const store = new MortalStore(this.database, number);
      if (life === 0 && mortal !== undefined) [store.left, store.after] = [mortal.at, mortal.after];
      try {
        const summary = await forward({
          adapter: adapterAt(this.level),
          channelArn,
          store,
          sender: this.sender(),
          inputs: [...this.#files].map(([name, text]) => ({ name, source: name, rereadable: true, open: bytes(text) })),
          clock: instantClock(),
          random: seededRandom(1),
          limits: { events: 3, bytes: 10_000 },
          backOff: { baseMs: 1, capMs: 1, maxAttempts: 2, giveUpAfterMs: 10 },
          pauseAfter: 0,
        });
        if (!summary.balanced) throw new Error("The summary does not add up.");
        for (const { name, complete } of summary.inputs) if (complete) this.#files.delete(name);
        return;
      } catch (error) {
        if (!(error instanceof Crash) && !(error as Error).message.includes("state")) throw error;
        await this.check();
      }
    }
  }

  sender(): Sender {
    return {
      send: async ({ auditEvents }): Promise<SendAnswer> => {
        await Promise.resolve();
        if (this.isDown) throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
        const successful: { id: string; eventID: string }[] = [];
        const failed: { id: string; errorCode: string; errorMessage: string }[] = [];
        for (const { id, eventData } of auditEvents) {
          const { eventName }: { eventName: string } = JSON.parse(eventData);
          if (Number(eventName.slice(-1)) > this.level)
            failed.push({ id, errorCode: "InvalidData", errorMessage: "no" });
          else {
            this.stored.set(id, (this.stored.get(id) ?? 0) + 1);
            successful.push({ id, eventID: "e" });
          }
        }
        return { successful, failed };
      },
      close: () => undefined,
    };
  }

  /** Promise 1, by every way the state can be counted. */
  async check(): Promise<void> {
    const found = (await stateReport(this.database)).flatMap(differencesOf);
    if (found.length > 0) throw new Error(found.join("; "));
  }
}

test("whatever dies, is replayed, discarded and killed: the sum holds, and each record has one end", async () => {
  const ends = { delivered: 0, dead: 0, dropped: 0, replayed: 0, discarded: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      const world = new World();
      const { database } = world;
      let mortal: { at: number; after: boolean } | undefined;
      for (const one of steps) {
        if (one.do === "improve") world.level++;
        else if (one.do === "down") world.isDown = !world.isDown;
        else if (one.do === "die") mortal = { at: one.at, after: one.after };
        else if (one.do === "fold")
          await foldSettled(database, {
            now: Date.UTC(2026, 0, 3),
            rememberDays: 1,
            droppedDays: 100,
            droppedRecords: 1000,
          });
        else if (one.do === "replay") ends.replayed += await askReplay(database, { reason: one.code }, Date.now());
        else if (one.do === "discard") {
          const letters = [];
          for await (const letter of new DeadLetters(database).all()) letters.push(letter.id);
          const id = letters[one.nth];
          if (id !== undefined)
            ends.discarded += await discardLetters(database, { ids: [id] }, "By a test.", Date.now());
        } else {
          await world.run(one.do === "read" ? one.frames : [], mortal);
          mortal = undefined;
        }
        await world.check();
      }
      // All is well again, and what is queued or asked for is sent.
      world.isDown = false;
      await world.run([]);
      await world.check();
      const [report] = await stateReport(database);
      const { counts, unmapped, taken } = report ?? { counts: undefined, unmapped: 0, taken: 0 };
      expect(unmapped).toBe(0);
      expect(taken).toBe(world.issued.length);
      // Frames keep their records apart: what is delivered is known by its id, the rest is counted.
      const rows = await database.all("SELECT kind, count(*) AS n FROM exception GROUP BY kind");
      const of = (name: string) => Number(rows.find((row) => row["kind"] === name)?.["n"] ?? 0);
      expect(world.stored.size + of("dead") + of("dropped")).toBe(world.issued.length);
      expect([counts?.delivered ?? 0, counts?.already ?? 0, counts?.changed ?? 0, counts?.queued ?? 0]).toEqual([
        world.stored.size,
        0,
        0,
        0,
      ]);
      const dead = await database.all("SELECT event_id FROM exception WHERE kind = 'dead' AND event_id IS NOT NULL");
      for (const row of dead) expect(world.stored.has(String(row["event_id"]))).toBe(false);
      const orphans = await database.all(
        "SELECT o.chunk FROM original o WHERE NOT EXISTS (SELECT 1 FROM exception e WHERE e.chunk = o.chunk AND e.frame = o.frame AND e.kind = 'dead')",
      );
      expect(orphans).toEqual([]);
      ends.delivered += world.stored.size;
      ends.dead += of("dead");
      ends.dropped += of("dropped");
      await database.close();
    }),
    { numRuns: 400 },
  );
  // The scripts reach what they are about.
  for (const count of Object.values(ends)) expect(count).toBeGreaterThan(20);
});

function bytes(text: string): () => AsyncIterable<Uint8Array> {
  // oxlint-disable-next-line require-await -- a source is asynchronous
  return async function* () {
    yield Buffer.from(text);
  };
}
