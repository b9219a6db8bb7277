import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Turns } from "../src/query/turns.ts";

interface Holder {
  readonly account: string;
  readonly giveBack: () => void;
}

/** Everything that can settle has settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What is asked of the turns, and what was given, in order. */
class Scene {
  readonly turns: Turns;
  readonly given: string[] = [];
  holders: Holder[] = [];
  waiting: { readonly account: string; readonly name: string; readonly controller: AbortController }[] = [];
  #names = 0;

  constructor(limit: number) {
    this.turns = new Turns(limit);
  }

  ask(account: string): string {
    const name = `${account}-${this.#names++}`;
    const controller = new AbortController();
    this.waiting.push({ account, name, controller });
    void this.turns.take(account, controller.signal).then(
      (giveBack) => {
        this.given.push(name);
        this.holders.push({ account, giveBack });
        this.waiting = this.waiting.filter((each) => each.name !== name);
        return undefined;
      },
      () => undefined,
    );
    return name;
  }

  end(at: number): void {
    const [holder] = this.holders.splice(at % this.holders.length, 1);
    holder?.giveBack();
    holder?.giveBack(); // A second time changes nothing.
  }

  abort(at: number): void {
    const [gone] = this.waiting.splice(at % this.waiting.length, 1);
    gone?.controller.abort(new Error("cancelled"));
  }
}

test.each([1, 2, 4])(
  "ten long queries of one account delay another's by one running query, with %d turns",
  async (limit) => {
    const scene = new Scene(limit);
    for (let n = 0; n < limit + 10; n++) scene.ask("greedy");
    const name = scene.ask("modest");
    await settled();
    expect(scene.given).toHaveLength(limit);
    scene.end(0);
    await settled();
    expect(scene.given.at(-1)).toBe(name);
  },
);

test("whatever happens, no turn is idle or given twice, and a waiting account is passed over by each other once at most", async () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("ask" as const), at: fc.nat(4) }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("end" as const), at: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("abort" as const), at: fc.nat(20) }) },
  );
  let contested = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(step, { maxLength: 120, size: "max" }),
      async (limit, steps) => {
        const scene = new Scene(limit);
        /** Of an account that holds no turn and waits: how often each other was given one since. */
        const passed = new Map<string, Map<string, number>>();
        for (const { kind, at } of steps) {
          const before = scene.given.length;
          const waited = scene.waiting.map(({ name }) => name);
          if (kind === "ask") scene.ask(`account${at}`);
          else if (kind === "end" && scene.holders.length > 0) scene.end(at);
          else if (kind === "abort" && scene.waiting.length > 0) scene.abort(at);
          await settled();

          expect(scene.holders.length).toBeLessThanOrEqual(limit);
          expect(scene.waiting.length === 0 || scene.holders.length === limit).toBe(true);
          for (const name of scene.given.slice(before)) {
            const account = name.split("-")[0]!;
            // In the order they came.
            expect(waited.find((other) => other.startsWith(`${account}-`)) ?? name).toBe(name);
            const passedOver = [...passed].filter(([waiter]) => waiter !== account).map(([, counts]) => counts);
            for (const counts of passedOver) counts.set(account, (counts.get(account) ?? 0) + 1);
            contested += passedOver.length;
            // Nobody who waits is passed over twice by the same account.
            expect(passedOver.filter((counts) => counts.get(account) !== 1)).toEqual([]);
          }
          const starved = new Set(
            scene.waiting
              .map(({ account }) => account)
              .filter((account) => !scene.holders.some((held) => held.account === account)),
          );
          for (const waiter of passed.keys()) if (!starved.has(waiter)) passed.delete(waiter);
          for (const waiter of starved) if (!passed.has(waiter)) passed.set(waiter, new Map());
        }
      },
    ),
    { numRuns: 200 },
  );
  expect(contested).toBeGreaterThan(100);
});
