import * as fc from "fast-check";
import { expect, test, vi } from "vitest";
import { Holding } from "../src/daemon/holding.ts";
import { type Holdable, LeaseKeeper } from "../src/daemon/lease-keeper.ts";
import { untilAborted } from "../src/daemon/until-aborted.ts";
import type { Clock } from "../src/delivery/clock.ts";
import { leaseLost } from "../src/state/lease-lost.ts";
import type { Lease, Leases, Member } from "../src/state/leases.ts";
import type { StateTransaction } from "../src/state/state-database.ts";

vi.setConfig({ testTimeout: 60_000 });

const seconds = 5;
const count = 8;

/** Time and timers of all, in one line; a process that is frozen gets its timers when it is thawed. */
class World {
  now = 0;
  readonly #timers: { at: number; readonly process: Process; readonly callback: () => void }[] = [];

  clockOf(process: Process): Clock {
    return {
      now: () => this.now,
      monotonic: () => this.now,
      after: (ms, callback) => {
        const timer = { at: this.now + ms, process, callback };
        this.#timers.push(timer);
        return () => {
          const at = this.#timers.indexOf(timer);
          if (at >= 0) this.#timers.splice(at, 1);
        };
      },
    };
  }

  /** Lets time pass, timer by timer, and what they set going. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await settled();
    for (;;) {
      const due = this.#timers.filter(({ at, process }) => at <= end && process.state !== "frozen");
      const next = due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      if (next.process.state === "alive") next.callback();
      await settled();
    }
    this.now = end;
  }
}

/** Until every promise that can go on has. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The tables of the leases, by the rules of PostgreSQL's statements. */
class Table {
  readonly seen = new Map<string, { readonly member: Member; at: number }>();
  readonly leases = new Map<number, Lease>();
  isAway = false;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  isAlive(id: string | undefined): boolean {
    const at = id === undefined ? undefined : this.seen.get(id)?.at;
    return at !== undefined && at > this.#world.now - seconds * 1000;
  }

  set(integration: number, holder: string | undefined): number {
    const epoch = (this.leases.get(integration)?.epoch ?? 0) + 1;
    this.leases.set(integration, { integration, holder, epoch });
    return epoch;
  }

  holds(integration: number, id: string, epoch: number): boolean {
    const lease = this.leases.get(integration);
    return lease?.holder === id && lease.epoch === epoch;
  }
}

/** What one process sees of it. */
class Session implements Leases {
  readonly #table: Table;
  readonly #world: World;
  id = "";

  constructor(table: Table, world: World) {
    this.#table = table;
    this.#world = world;
  }

  async beat(member: Member): ReturnType<Leases["beat"]> {
    await this.#reached();
    const table = this.#table;
    this.id = member.id;
    table.seen.set(member.id, { member, at: this.#world.now });
    const members = [...table.seen.values()].map((one) => one.member).filter(({ id }) => table.isAlive(id));
    return { members: members.toSorted((a, b) => (a.id < b.id ? -1 : 1)), leases: [...table.leases.values()] };
  }

  async claim(integration: number, { id }: Member): Promise<number | undefined> {
    await this.#reached();
    if (this.#table.isAlive(this.#table.leases.get(integration)?.holder)) return undefined;
    return this.#table.set(integration, id);
  }

  async release({ integration, epoch }: { readonly integration: number; readonly epoch: number }, { id }: Member) {
    await this.#reached();
    if (this.#table.holds(integration, id, epoch)) this.#table.set(integration, undefined);
  }

  async leave({ id }: Member): Promise<void> {
    await this.#reached();
    for (const { integration, holder } of this.#table.leases.values())
      if (holder === id) this.#table.set(integration, undefined);
    this.#table.seen.delete(id);
  }

  async check(
    _: StateTransaction,
    { integration, epoch }: { readonly integration: number; readonly epoch: number },
    { id }: Member,
  ): Promise<void> {
    await this.#reached();
    if (!this.#table.holds(integration, id, epoch)) throw leaseLost();
  }

  holders(): ReturnType<Leases["holders"]> {
    return Promise.resolve(new Map());
  }

  async #reached(): Promise<void> {
    await Promise.resolve();
    if (this.#table.isAway) throw new Error("away");
  }
}

/** A forwarder whose integrations do nothing but be held. */
class Process {
  state: "alive" | "frozen" | "dead" = "alive";
  readonly keeper: LeaseKeeper;
  readonly session: Session;
  readonly integrations: readonly (Holdable & { holding: Holding | undefined })[];
  /** Held anew before the earlier holding had ended. */
  overlaps = 0;

  constructor(table: Table, world: World) {
    this.session = new Session(table, world);
    this.integrations = Array.from({ length: count }, (_, n) => this.#integration(n + 1));
    this.keeper = new LeaseKeeper({
      leases: this.session,
      clock: world.clockOf(this),
      log: () => undefined,
      seconds,
      integrations: () => this.integrations,
    });
    this.keeper.start();
  }

  held(): readonly Holdable[] {
    return this.integrations.filter(({ holding }) => holding !== undefined && !holding.isEnding);
  }

  #integration(number: number): Holdable & { holding: Holding | undefined } {
    const one: Holdable & { holding: Holding | undefined } = {
      number,
      plan: { name: `i${number}` },
      holding: undefined,
      hold: (epoch) => {
        if (one.holding !== undefined) this.overlaps++;
        one.holding = new Holding(epoch, { sources: untilAborted, deliver: untilAborted });
      },
      letGo: async () => {
        const { holding } = one;
        await holding?.end(AbortSignal.abort());
        await holding?.ended;
        if (one.holding === holding) one.holding = undefined;
      },
    };
    return one;
  }
}

/** Of each integration, those that could commit now. */
async function writers(processes: readonly Process[], integration: number): Promise<number> {
  let able = 0;
  for (const { keeper, integrations } of processes) {
    const { holding } = integrations[integration - 1]!;
    if (holding === undefined) continue;
    const may = keeper.check({} as StateTransaction, integration, holding.epoch).then(
      () => true,
      () => false,
    );
    if (await may) able++;
  }
  return able;
}

const step = fc.oneof(
  fc.record({ kind: fc.constantFrom("kill", "freeze", "thaw", "leave"), who: fc.nat(3) }),
  fc.record({ kind: fc.constantFrom("away", "back", "join"), who: fc.constant(0) }),
  fc.record({ kind: fc.constant("wait" as const), who: fc.nat(12_000) }),
);

test("whatever dies, freezes, thaws, comes, goes or is cut off: at most one may commit, and in the end each is held once, evenly", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const world = new World();
      const table = new Table(world);
      const processes = [new Process(table, world), new Process(table, world)];
      const act: Record<string, (who: number) => Promise<void> | void> = {
        kill: (who) => void (processes[who] && (processes[who].state = "dead")),
        freeze: (who) => void (processes[who]?.state === "alive" && (processes[who].state = "frozen")),
        thaw: (who) => void (processes[who]?.state === "frozen" && (processes[who].state = "alive")),
        async leave(who) {
          const leaving = processes[who];
          if (leaving?.state !== "alive") return;
          for (const one of leaving.integrations) await one.letGo();
          await leaving.keeper.leave();
          leaving.state = "dead";
        },
        join: () => void (processes.length < 4 && processes.push(new Process(table, world))),
        away: () => void (table.isAway = true),
        back: () => void (table.isAway = false),
        wait: (who) => world.pass(who),
      };
      for (const { kind, who } of steps) {
        await act[kind]!(who);
        await settled();
        for (let n = 1; n <= count; n++) expect(await writers(processes, n)).toBeLessThanOrEqual(1);
      }
      table.isAway = false;
      for (const one of processes) if (one.state === "frozen") one.state = "alive";
      await world.pass(4 * seconds * 1000);
      const alive = processes.filter(({ state }) => state === "alive");
      // The last one to go is followed by another: somebody is always there in the end.
      if (alive.length === 0) {
        processes.push(new Process(table, world));
        alive.push(processes.at(-1)!);
        await world.pass(4 * seconds * 1000);
      }
      const held = alive.map((one) => one.held().length);
      expect(held.reduce((sum, one) => sum + one, 0)).toBe(count);
      expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1);
      for (const one of alive)
        for (const { number, holding } of one.held())
          expect(table.holds(number, one.session.id, holding!.epoch)).toBe(true);
      expect(processes.reduce((sum, { overlaps }) => sum + overlaps, 0)).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test("nothing is sent where it cannot be told who holds it: the database is away, or the process stood still", async () => {
  const world = new World();
  const table = new Table(world);
  const one = new Process(table, world);
  await world.pass(2000);
  expect(one.held()).toHaveLength(count);
  await one.keeper.sure();
  table.isAway = true;
  await world.pass(2000);
  // Heard of less than half of the time ago.
  await one.keeper.sure();
  await world.pass(4000);
  await expect(one.keeper.sure()).rejects.toMatchObject({ code: "STATE_UNREACHABLE", retryable: true });
  table.isAway = false;
  await one.keeper.sure();
  expect(one.held()).toHaveLength(count);
  one.state = "frozen";
  const two = new Process(table, world);
  await world.pass(3 * seconds * 1000);
  expect(two.held()).toHaveLength(count);
  expect([two.keeper.counts.claimed, one.keeper.counts.lost]).toEqual([count, 0]);
  one.state = "alive";
  await one.keeper.sure();
  await settled();
  expect(one.held()).toHaveLength(0);
  expect(one.keeper.counts.lost).toBe(count);
});
