import type { ControlRules } from "./control-rules.ts";
import type { EventDataStore } from "./control-state.ts";
import type { Mutant } from "./mutant.ts";

const dayMs = 86_400_000;
const any = "channels/sequences/any";
const time = "channels/sequences/while-time-passes";

/** A lake of its own each time: what it remembers is its own. */
function remembering(name: string, kills: readonly string[], change: () => Partial<ControlRules>): Mutant {
  return { name, kills, change: (rules) => ({ ...rules, control: { ...rules.control, ...change() } }) };
}

/** Lakes whose operations do to each other what they should not. */
export const sequenceMutants: readonly Mutant[] = [
  remembering("never lets go of a name", [any, `${time}?`], () => {
    const ever = new Set<string>();
    return {
      isNamed: (name, other) => {
        ever.add(name);
        return ever.has(other);
      },
    };
  }),
  remembering("takes a store's tags away when it changes the store", [any, time], () => ({
    updatedAt: (store, now) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the rule is given the store itself
      (store as EventDataStore).tags.clear();
      return now;
    },
  })),
  remembering("leaves what a channel delivered to before it was moved in use", [any], () => ({
    replacesDestinations: false,
  })),
  remembering("restores a store without its ingestion", [any, time], () => ({ restoredStatus: "STOPPED_INGESTION" })),
  remembering("protects what it restores", [any, time], () => ({ restoredProtection: () => true })),
  remembering("keeps a deleted store for six days", [time], () => ({ restoreWindowMs: 6 * dayMs })),
  remembering("keeps a deleted store for ever", [time], () => ({ restoreWindowMs: Number.POSITIVE_INFINITY })),
];
