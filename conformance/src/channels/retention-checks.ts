import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { Evidence } from "../core/report.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { ask, done, getStore, isRefused, newStore, secondStore, storeOf } from "./channels-world.ts";

const extendable = "EXTENDABLE_RETENTION_PRICING";
const fixed = "FIXED_RETENTION_PRICING";

/** Spec 2.4: how long events are kept, how that is paid, and other changes of a store. */
export const retentionChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/store/retention-6-refused",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      for (const RetentionPeriod of [6, 0, -1])
        for (const BillingMode of [extendable, fixed])
          await isRefused(world, "CreateEventDataStore", newStore(world, { RetentionPeriod, BillingMode }));
      await isRefused(world, "UpdateEventDataStore", { EventDataStore, RetentionPeriod: 6 });
    },
  },
  {
    clause: "channels/store/retention-7-accepted",
    run: async (world) => keeps(world, [7, 8]),
  },
  {
    clause: "channels/store/retention-extendable-3653-accepted",
    run: async (world) => keeps(world, [2557, 2558, 3652, 3653]),
  },
  {
    clause: "channels/store/retention-extendable-3654-refused",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const RetentionPeriod = 3654;
      await isRefused(world, "CreateEventDataStore", newStore(world, { RetentionPeriod }));
      await isRefused(world, "UpdateEventDataStore", { EventDataStore, RetentionPeriod });
    },
  },
  {
    clause: "channels/store/retention-whole-days",
    run: async (world) => isRefused(world, "CreateEventDataStore", newStore(world, { RetentionPeriod: 7.5 })),
  },
  {
    clause: "channels/store/retention-fixed-2557-accepted",
    needs: ["own-store"],
    run: async (world) => {
      const { 7: least, 2557: most } = await fixedStore(world);
      for (const [days, step] of [
        [7, least],
        [2557, most],
      ] as const) {
        world.wire.recall(step.evidence);
        const told = succeeded(step.answer);
        expects(told["RetentionPeriod"] === days, `RetentionPeriod ${days}`, told["RetentionPeriod"]);
      }
    },
  },
  {
    clause: "channels/store/retention-fixed-2558-refused",
    needs: ["own-store"],
    run: async (world) => {
      const { 2558: over } = await fixedStore(world);
      world.wire.recall(over.evidence);
      refused(over.answer, undefined, 400);
      const input = newStore(world, { BillingMode: fixed, RetentionPeriod: 2558 });
      await isRefused(world, "CreateEventDataStore", input, undefined, 400);
    },
  },
  {
    clause: "channels/store/fixed-becomes-extendable",
    needs: ["own-store"],
    run: async (world) => {
      const { converted } = await fixedStore(world);
      world.wire.recall(converted.evidence);
      const told = succeeded(converted.answer);
      expects(told["BillingMode"] === extendable, `the BillingMode ${extendable}`, told["BillingMode"]);
    },
  },
  {
    clause: "channels/store/extendable-stays",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const input = { EventDataStore, BillingMode: fixed, RetentionPeriod: 366 };
      await isRefused(world, "UpdateEventDataStore", input, undefined, 400);
      const { BillingMode: mode } = await getStore(world, EventDataStore);
      expects(mode === extendable, `the BillingMode ${extendable}`, mode);
    },
  },
  {
    clause: "channels/store/update-needs-something",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      await isRefused(world, "UpdateEventDataStore", { EventDataStore }, undefined, 400);
    },
  },
  {
    clause: "channels/store/update-answers-what-it-is",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const changes = { Name: `${world.prefix}-updated`, RetentionPeriod: 30, TerminationProtectionEnabled: true };
      const told = await done(world, "UpdateEventDataStore", { EventDataStore, ...changes });
      const now = await getStore(world, EventDataStore);
      for (const [member, value] of Object.entries(changes))
        expects(
          told[member] === value && now[member] === value,
          `${member} ${JSON.stringify(value)}, answered and kept`,
          { answered: told[member], kept: now[member] },
        );
    },
  },
  {
    clause: "channels/store/update-keeps-the-rest",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const before = await getStore(world, EventDataStore);
      await done(world, "UpdateEventDataStore", { EventDataStore, Name: `${world.prefix}-alone` });
      const after = await getStore(world, EventDataStore);
      for (const member of ["RetentionPeriod", "TerminationProtectionEnabled", "BillingMode", "AdvancedEventSelectors"])
        expects(
          JSON.stringify(after[member]) === JSON.stringify(before[member]),
          `the ${member} that was not named: ${JSON.stringify(before[member])}`,
          after[member],
        );
    },
  },
  {
    clause: "channels/store/updated-after-created",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      await done(world, "UpdateEventDataStore", { EventDataStore, RetentionPeriod: 31 });
      const { CreatedTimestamp: created, UpdatedTimestamp: updated } = await getStore(world, EventDataStore);
      expects(Number(updated) >= Number(created), "UpdatedTimestamp not before CreatedTimestamp", { created, updated });
    },
  },
];

/** The second store keeps these numbers of days. */
async function keeps(world: ServerWorld, days: readonly number[]): Promise<void> {
  const { arn: EventDataStore } = await secondStore(world);
  for (const RetentionPeriod of days) {
    const told: Members = await done(world, "UpdateEventDataStore", { EventDataStore, RetentionPeriod });
    expects(told["RetentionPeriod"] === RetentionPeriod, `RetentionPeriod ${RetentionPeriod}`, told["RetentionPeriod"]);
  }
}

interface Step {
  readonly answer: Answer;
  readonly evidence: Evidence | undefined;
}
type FixedStore = Readonly<Record<7 | 2557 | 2558 | "converted", Step>>;
const fixedStores = new WeakMap<ServerWorld, Promise<FixedStore>>();

/** What the world's store says to its limits with FIXED_RETENTION_PRICING and then to EXTENDABLE; there is no way back, so it is asked once. */
function fixedStore(world: ServerWorld): Promise<FixedStore> {
  const asked = fixedStores.get(world) ?? limitsOf(world);
  fixedStores.set(world, asked);
  return asked;
}

async function limitsOf(world: ServerWorld): Promise<FixedStore> {
  const step = async (change: Members): Promise<Step> => ({
    answer: await ask(world, "UpdateEventDataStore", { EventDataStore: storeOf(world), ...change }),
    evidence: world.wire.evidence,
  });
  return {
    7: await step({ RetentionPeriod: 7 }),
    2557: await step({ RetentionPeriod: 2557 }),
    2558: await step({ RetentionPeriod: 2558 }),
    converted: await step({ BillingMode: extendable, RetentionPeriod: 30 }),
  };
}
