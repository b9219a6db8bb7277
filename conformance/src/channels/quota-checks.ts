import type { Check } from "../core/check.ts";
import { isMembers } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { isRefused, done, newStore } from "./channels-world.ts";

const perRegion = 10;

/** Spec 6: how many stores an account has. They count also while they wait for their deletion, so this comes last. */
export const quotaChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/quota/10-stores-in-any-status",
    needs: ["quotas"],
    run: async (world) => {
      const { EventDataStores: list } = await done(world, "ListEventDataStores", { MaxResults: 1000 });
      const count = Array.isArray(list) ? (list as readonly unknown[]).filter(isMembers).length : 0;
      const fill = (n: number) =>
        newStore(world, { Name: `${world.prefix}-fill-${n}`, TerminationProtectionEnabled: false });
      for (let n = count; n < perRegion; n++) await done(world, "CreateEventDataStore", fill(n));
      await isRefused(world, "CreateEventDataStore", fill(perRegion), "EventDataStoreMaxLimitExceededException", 400);
      const { EventDataStores: all } = await done(world, "ListEventDataStores", { MaxResults: 1000 });
      const found = Array.isArray(all) ? (all as readonly unknown[]).filter(isMembers) : [];
      const last = found.find(({ Name }) => String(Name).startsWith(`${world.prefix}-fill-`));
      expects(last !== undefined, "room for one more store than the run has", `${count} stores before`);
      await done(world, "DeleteEventDataStore", { EventDataStore: last["EventDataStoreArn"] });
      // It waits, and counts; it can come back.
      await isRefused(world, "CreateEventDataStore", fill(perRegion), "EventDataStoreMaxLimitExceededException", 400);
      await done(world, "RestoreEventDataStore", { EventDataStore: last["EventDataStoreArn"] });
    },
  },
];
