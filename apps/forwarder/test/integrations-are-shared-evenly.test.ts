import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { shareOut } from "../src/daemon/share-out.ts";
import type { Lease, Member } from "../src/state/leases.ts";

vi.setConfig({ testTimeout: 60_000 });

/** A database of leases without time: who is alive is said. Each member acts on what it saw, one after the other or all on the same view. */
class Table {
  readonly leases = new Map<number, Lease>();
  moves = 0;

  view(members: readonly Member[]) {
    return { members, leases: [...this.leases.values()] };
  }

  act(me: Member, seen: ReturnType<Table["view"]>): void {
    const alive = new Set(seen.members.map(({ id }) => id));
    const { claim, release } = shareOut(me, seen);
    for (const integration of release) {
      const lease = this.leases.get(integration);
      if (lease?.holder !== me.id) throw new Error(`${me.id} releases ${integration}, which it does not hold.`);
      this.leases.set(integration, { integration, holder: undefined, epoch: lease.epoch + 1 });
      this.moves++;
    }
    for (const integration of claim) {
      if (!me.integrations.includes(integration))
        throw new Error(`${me.id} claims ${integration}, which it cannot hold.`);
      const lease = this.leases.get(integration);
      // As the database decides it: nobody takes from one that is alive.
      if (lease?.holder !== undefined && alive.has(lease.holder)) continue;
      this.leases.set(integration, { integration, holder: me.id, epoch: (lease?.epoch ?? 0) + 1 });
      this.moves++;
    }
  }

  /** Until nothing changes any more; answers the rounds. */
  settle(members: readonly Member[], together: boolean): number {
    for (let round = 1; ; round++) {
      const before = this.moves;
      const seen = this.view(members);
      for (const me of members) this.act(me, together ? seen : this.view(members));
      if (this.moves === before) return round;
      if (round === 100) throw new Error("It never settles.");
    }
  }

  heldBy(id: string): number {
    return [...this.leases.values()].filter(({ holder }) => holder === id).length;
  }
}

const member = (id: string, integrations: readonly number[]): Member => ({ id, name: id, integrations });
const numbers = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test("8 integrations and 2 forwarders: 4 and 4; one that dies leaves 8 to the other, one that comes gets its 4", () => {
  const table = new Table();
  const [a, b, c] = [member("a", numbers(8)), member("b", numbers(8)), member("c", numbers(8))];
  table.settle([a], true);
  expect(table.heldBy("a")).toBe(8);
  table.settle([a, b], true);
  expect([table.heldBy("a"), table.heldBy("b")]).toEqual([4, 4]);
  const moves = table.moves;
  table.settle([a, b], true);
  expect(table.moves).toBe(moves);
  table.settle([b], true);
  expect(table.heldBy("b")).toBe(8);
  table.settle([b, c], true);
  expect([table.heldBy("b"), table.heldBy("c")]).toEqual([4, 4]);
});

test("whoever comes and goes: what somebody can hold is held, evenly, and then nothing moves", () => {
  const population = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      fc.array(population, { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 0, max: 17 }),
      fc.boolean(),
      (steps, count, together) => {
        const table = new Table();
        for (const ids of steps) {
          const members = ids.map((id) => member(id, numbers(count)));
          table.settle(members, together);
          const held = ids.map((id) => table.heldBy(id));
          expect(held.reduce((sum, one) => sum + one, 0)).toBe(count);
          expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("forwarders with other configurations: each integration is held by one that has it, and none is left", () => {
  const integrations = fc.uniqueArray(fc.integer({ min: 1, max: 10 }), { maxLength: 10 });
  fc.assert(
    fc.property(fc.array(integrations, { minLength: 1, maxLength: 5 }), fc.boolean(), (lists, together) => {
      const members = lists.map((list, index) => member(`m${index}`, list));
      const table = new Table();
      table.settle(members, together);
      for (const integration of new Set(lists.flat())) {
        const holder = table.leases.get(integration)?.holder;
        expect(members.find(({ id }) => id === holder)?.integrations).toContain(integration);
      }
    }),
    { numRuns: 500 },
  );
});
