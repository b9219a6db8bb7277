import { hash } from "node:crypto";
import { expect, test, vi } from "vitest";
import type { Sender } from "../src/delivery/sender.ts";
import { blob } from "../src/state/column.ts";
import type { Store } from "../src/state/store.ts";
import { lines, scene, type Scene } from "./support/scene.ts";
import { withCommit } from "./support/with-commit.ts";

vi.setConfig({ testTimeout: 60_000 });

const records = 1650;
/** Two chunks; duplicates, drops and refusals among them. */
const content = lines(records, (n) =>
  n % 97 === 0
    ? { at: "never" }
    : n % 89 === 0
      ? { kind: "noise" }
      : n % 83 === 0
        ? { id: undefined, what: "same" }
        : {},
);

class Crash extends Error {}

/** Counts every call that changes something, the store's commits and the server's, and ends the process at one of them. */
class Fuse {
  count = 0;
  readonly #at: number;
  readonly #after: boolean;

  constructor(at: number, after: boolean) {
    this.#at = at;
    this.#after = after;
  }

  get blown(): boolean {
    return this.#at > 0 && this.count >= this.#at;
  }

  /** Runs the effect unless the crash came before it; a dead process does nothing any more. */
  async pass<T>(effect: () => T | Promise<T>): Promise<T> {
    if (this.blown) throw new Crash("dead");
    this.count++;
    if (this.count < this.#at || this.#at === 0) return await effect();
    if (this.#after) await effect();
    throw new Crash("now");
  }
}

/** The oracle outside the process: every copy of every id. */
class Server {
  readonly copies = new Map<string, Set<string>>();
  deliveries = 0;

  sender(fuse: Fuse): Sender {
    return {
      send: ({ auditEvents }) =>
        fuse.pass(() => {
          for (const { id, eventData } of auditEvents) {
            this.deliveries++;
            this.copies.set(id, (this.copies.get(id) ?? new Set()).add(hash("sha256", eventData)));
          }
          return { successful: auditEvents.map(({ id }) => ({ id, eventID: "e" })), failed: [] };
        }),
      close: () => undefined,
    };
  }
}

function fused(store: Store, fuse: Fuse): Store {
  return withCommit(store, (changes) => fuse.pass(() => store.commit(changes)));
}

/** A run that dies at the n-th change; a send that dies looks to the courier like any other failure, so its clock is stopped too. */
async function runUntil(place: Scene, file: string, server: Server, at: number, after: boolean): Promise<number> {
  const fuse = new Fuse(at, after);
  await place
    .run({
      sender: server.sender(fuse),
      files: [file],
      wrap: (store) => fused(store, fuse),
      backOff: { baseMs: 1, capMs: 1, maxAttempts: 1, giveUpAfterMs: 1 },
    })
    .catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
  return fuse.count;
}

function ledger(place: Scene): Record<string, number> {
  const database = place.database();
  const counts: Record<string, number> = {};
  for (const row of database.prepare("SELECT states FROM progress").all())
    for (const state of blob(row["states"]) ?? []) counts[state] = (counts[state] ?? 0) + 1;
  database.close();
  return counts;
}

async function expected(): Promise<{
  changes: number;
  ids: ReadonlyMap<string, ReadonlySet<string>>;
  ledger: Record<string, number>;
}> {
  using place = scene();
  const server = new Server();
  const changes = await runUntil(place, place.write("in.jsonl", content), server, 0, false);
  return { changes, ids: server.copies, ledger: ledger(place) };
}

test("a crash before or after any commit or request: the next run goes on, nothing is lost, ids and bytes are the same", async () => {
  const whole = await expected();
  expect(whole.changes).toBeGreaterThan(20);
  for (let at = 1; at <= whole.changes; at++)
    for (const after of [false, true]) {
      using place = scene();
      const server = new Server();
      const file = place.write("in.jsonl", content);
      await runUntil(place, file, server, at, after);
      await runUntil(place, file, server, 0, false);
      const where = `crash ${after ? "after" : "before"} change ${at}`;
      // An interrupted intake goes on at its cursor; one whose end was committed reads the file again. Either way each
      // record has one end.
      const counts = ledger(place);
      const rounds = Object.values(counts).reduce((sum, count) => sum + count, 0) / records;
      const again = await place.run({ sender: server.sender(new Fuse(0, false)), files: [file] });
      expect({
        where,
        copies: server.copies,
        rounds: [1, 2].includes(rounds),
        counts: rounds === 1 ? counts : whole.ledger,
      }).toEqual({
        where,
        copies: whole.ids,
        rounds: true,
        counts: whole.ledger,
      });
      expect({ where, ...again }).toMatchObject({
        where,
        read: records,
        delivered: 0,
        changed: 0,
        queued: 0,
        balanced: true,
      });
    }
}, 120_000);

test("crashes in a row, each one change further: it still ends, and nothing is lost", async () => {
  const whole = await expected();
  using place = scene();
  const server = new Server();
  const file = place.write("in.jsonl", content);
  for (let at = 1; at <= 12; at++) await runUntil(place, file, server, at, at % 2 === 0);
  await runUntil(place, file, server, 0, false);
  expect(server.copies).toEqual(whole.ids);
});

test("the test's own check: a cursor that commits before its records loses them", async () => {
  // The planted bug: the cursor is written by itself, before the chunk it covers.
  using place = scene();
  const whole = await expected();
  const server = new Server();
  const file = place.write("in.jsonl", content);
  const fuse = new Fuse(2, false);
  const early = (store: Store): Store => ({
    ...fused(store, fuse),
    async commit(changes) {
      if (changes.cursors?.length) await store.commit({ cursors: changes.cursors });
      await fuse.pass(() => store.commit({ ...changes, cursors: [] }));
    },
  });
  await place.run({ sender: server.sender(fuse), files: [file], wrap: early }).catch(() => undefined);
  await runUntil(place, file, server, 0, false);
  expect(server.copies.size).toBeLessThan(whole.ids.size);
});
