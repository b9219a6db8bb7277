import * as fc from "fast-check";
import { type Strike, strikes } from "./forwarder-process.ts";
import { type Kind, kinds } from "./issued.ts";
import { type StateFault, stateFaults } from "./process-state.ts";
import type { Variant } from "./simulated-config.ts";
import { type Act, acts } from "./simulated-lake.ts";
import { type Mood, moods } from "./simulated-vendor.ts";

/** One thing that happens. `on` is a process, where there are several; `to` an integration, likewise. */
export type Command =
  | {
      readonly do: "push";
      readonly on: number;
      readonly to: number;
      readonly kinds: readonly Kind[];
      readonly isKeyed: boolean;
    }
  | { readonly do: "push again"; readonly on: number; readonly to: number }
  | { readonly do: "publish"; readonly to: number; readonly kinds: readonly Kind[] }
  | { readonly do: "vendor"; readonly to: number; readonly mood: Mood }
  | { readonly do: "lake"; readonly to: number; readonly destination: number; readonly acts: readonly Act[] }
  | { readonly do: "state"; readonly on: number; readonly fault: StateFault }
  | {
      readonly do: "aim";
      readonly on: number;
      readonly after: number;
      readonly strike: Strike;
      readonly isAfter: boolean;
    }
  | { readonly do: "strike"; readonly on: number; readonly strike: Strike }
  | { readonly do: "continue"; readonly on: number }
  | { readonly do: "stand still"; readonly on: number; readonly strike: "freeze" | "suspend"; readonly ms: number }
  | { readonly do: "jump"; readonly on: number; readonly ms: number }
  | { readonly do: "reload"; readonly on: number; readonly to: Variant | "broken" }
  | { readonly do: "stop"; readonly on: number; readonly drainSeconds: number }
  | { readonly do: "start"; readonly on: number }
  | { readonly do: "replay" }
  | { readonly do: "discard" }
  | { readonly do: "wait"; readonly ms: number };

/** What is played to a world of its own. */
export interface Script {
  /** Two forwarders share a state that has two integrations; else one has a file with one. */
  readonly isShared: boolean;
  readonly first: Variant;
  readonly seed: number;
  /** What the lakes do at first, by destination. */
  readonly lakes: readonly (readonly Act[])[];
  readonly commands: readonly Command[];
}

const hourMs = 3_600_000;
const yearsMs = 3650 * 24 * hourMs;

const on = fc.nat({ max: 1 });
const to = fc.nat({ max: 1 });
const some = fc.array(fc.constantFrom(...kinds, "good" as const, "good" as const), { minLength: 1, maxLength: 5 });
const is = <T extends string>(name: T) => fc.constant(name);
/** What a lake does; most of it is well. */
const behaviour = fc.array(fc.constantFrom(...acts, "take" as const, "take" as const), { minLength: 1, maxLength: 4 });
const destination = fc.constantFrom(0, 0, 1, 2);
const variant: fc.Arbitrary<Variant> = fc.record({
  destinations: fc.constantFrom([0], [0], [0], [0, 1], [1], [2, 0], [0, 1, 2]),
  isPolled: fc.constantFrom(true, true, true, false),
  isPushed: fc.constantFrom(true, true, true, false),
  pauseAfter: fc.constantFrom(1000, 1000, 3),
});
const strike = fc.constantFrom(...strikes);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: is("push"), on, to, kinds: some, isKeyed: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: is("push again"), on, to }) },
  { weight: 6, arbitrary: fc.record({ do: is("publish"), to, kinds: some }) },
  { weight: 1, arbitrary: fc.record({ do: is("vendor"), to, mood: fc.constantFrom(...moods) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: is("lake"),
      to,
      destination,
      acts: behaviour,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: is("state"), on, fault: fc.constantFrom(...stateFaults) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: is("aim"),
      on,
      after: fc.integer({ min: 1, max: 8 }),
      strike,
      isAfter: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: is("strike"), on, strike }) },
  { weight: 2, arbitrary: fc.record({ do: is("continue"), on }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: is("stand still"),
      on,
      strike: fc.constantFrom("freeze", "suspend"),
      ms: fc.constantFrom(1000, 7000, 7000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: is("jump"), on, ms: fc.constantFrom(-hourMs, 40_000, hourMs, -yearsMs, yearsMs) }),
  },
  { weight: 2, arbitrary: fc.record({ do: is("reload"), on, to: fc.oneof(variant, is("broken")) }) },
  { weight: 1, arbitrary: fc.record({ do: is("stop"), on, drainSeconds: fc.constantFrom(0, 25) }) },
  { weight: 1, arbitrary: fc.record({ do: is("start"), on }) },
  { weight: 2, arbitrary: fc.record({ do: is("replay") }) },
  { weight: 1, arbitrary: fc.record({ do: is("discard") }) },
  { weight: 8, arbitrary: fc.record({ do: is("wait"), ms: fc.constantFrom(10, 10, 1000, 3000, 7000, 7000) }) },
);

export const script: fc.Arbitrary<Script> = fc.record({
  isShared: fc.constantFrom(false, true, false),
  first: variant,
  seed: fc.nat(),
  lakes: fc.array(behaviour, { minLength: 3, maxLength: 3 }),
  commands: fc.array(command, { minLength: 1, maxLength: 24, size: "max" }),
});
