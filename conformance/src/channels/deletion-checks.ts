import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { oneEvent, put, tookOne } from "../ingest/ingest-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import {
  ask,
  done,
  getStore,
  isRefused,
  newStore,
  secondStore,
  to,
  whileDeleted,
  withChannel,
} from "./channels-world.ts";

/** Spec 2.4: how a store ends, comes back, and whether its ingestion stops. */
export const deletionChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/deletion/protected-refused",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      await done(world, "UpdateEventDataStore", { EventDataStore, TerminationProtectionEnabled: true });
      const answer = await ask(world, "DeleteEventDataStore", { EventDataStore });
      if (answer.status === 200) await ask(world, "RestoreEventDataStore", { EventDataStore });
      refused(answer, "EventDataStoreTerminationProtectedException", 400);
    },
  },
  {
    clause: "channels/deletion/of-a-channels-store-refused",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      await done(world, "UpdateEventDataStore", { EventDataStore, TerminationProtectionEnabled: false });
      await withChannel(world, async (Channel) => {
        await done(world, "UpdateChannel", { Channel, Destinations: to(EventDataStore) });
        const answer = await ask(world, "DeleteEventDataStore", { EventDataStore });
        const { evidence } = world.wire;
        if (answer.status === 200) await ask(world, "RestoreEventDataStore", { EventDataStore });
        world.wire.recall(evidence);
        refused(answer, "ChannelExistsForEDSException", 400);
      });
    },
  },
  {
    clause: "channels/deletion/waits",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const { Status } = await getStore(world, arn);
        expects(Status === "PENDING_DELETION", "the Status PENDING_DELETION", Status);
      }),
  },
  {
    clause: "channels/deletion/is-listed-while-it-waits",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const answer = await done(world, "ListEventDataStores", { MaxResults: 1000 });
        expects(JSON.stringify(answer).includes(arn), `the store ${arn} in the list`, answer);
      }),
  },
  {
    clause: "channels/deletion/twice-refused",
    run: async (world) =>
      whileDeleted(world, async (arn) =>
        isRefused(world, "DeleteEventDataStore", { EventDataStore: arn }, "InactiveEventDataStoreException", 400),
      ),
  },
  {
    clause: "channels/deletion/no-update-while-it-waits",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const input = { EventDataStore: arn, RetentionPeriod: 30 };
        await isRefused(world, "UpdateEventDataStore", input, "InactiveEventDataStoreException", 400);
      }),
  },
  {
    clause: "channels/deletion/no-tags-while-it-waits",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const input = { ResourceId: arn, TagsList: [{ Key: "late" }] };
        const error = "InactiveEventDataStoreException";
        for (const operation of ["AddTags", "RemoveTags"]) await isRefused(world, operation, input, error, 400);
        await isRefused(world, "ListTags", { ResourceIdList: [arn] }, error, 400);
      }),
  },
  {
    clause: "channels/deletion/no-ingestion-change-while-it-waits",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        for (const verb of ["Start", "Stop"]) {
          const errors = ["InvalidEventDataStoreStatusException", "InvalidEventDataStoreCategoryException"];
          await isRefused(world, `${verb}EventDataStoreIngestion`, { EventDataStore: arn }, errors, 400);
        }
      }),
  },
  {
    clause: "channels/deletion/name-stays-taken",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const { Name } = await getStore(world, arn);
        const input = newStore(world, { Name });
        await isRefused(world, "CreateEventDataStore", input, "EventDataStoreAlreadyExistsException", 400);
      }),
  },
  {
    clause: "channels/restore/enables-it",
    run: async (world) =>
      whileDeleted(world, async (arn) => {
        const restored = succeeded(await ask(world, "RestoreEventDataStore", { EventDataStore: arn }));
        const { EventDataStoreArn, Status } = restored;
        expects(EventDataStoreArn === arn && Status === "ENABLED", "the store, with the Status ENABLED", restored);
        const now = await getStore(world, arn);
        expects(now["Status"] === "ENABLED", "the Status ENABLED", now["Status"]);
      }),
  },
  {
    clause: "channels/restore/keeps-what-it-was",
    run: async (world) => {
      const { arn } = await secondStore(world);
      const before = await getStore(world, arn);
      await whileDeleted(world, () => Promise.resolve());
      const after = await getStore(world, arn);
      for (const member of ["Name", "RetentionPeriod", "BillingMode", "AdvancedEventSelectors", "CreatedTimestamp"])
        expects(
          JSON.stringify(after[member]) === JSON.stringify(before[member]),
          `the ${member} of before: ${JSON.stringify(before[member])}`,
          after[member],
        );
    },
  },
  {
    clause: "channels/restore/protection-keeps-its-value",
    run: async (world) => {
      const { arn } = await secondStore(world);
      await whileDeleted(world, () => Promise.resolve());
      const { TerminationProtectionEnabled: isProtected } = await getStore(world, arn);
      expects(isProtected === false, "TerminationProtectionEnabled false, as before its deletion", isProtected);
    },
  },
  {
    clause: "channels/restore/only-what-was-deleted",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const error = "InvalidEventDataStoreStatusException";
      await isRefused(world, "RestoreEventDataStore", { EventDataStore }, error, 400);
    },
  },
  {
    clause: "channels/restore/takes-events-again",
    run: async (world) => {
      const { arn } = await secondStore(world);
      await whileDeleted(world, () => Promise.resolve());
      await withChannel(world, async (Channel) => {
        await done(world, "UpdateChannel", { Channel, Destinations: to(arn) });
        tookOne(await put(world, oneEvent(world), { channelArn: Channel }));
      });
    },
  },
  {
    clause: "channels/ingestion-switch/not-of-activity-stores",
    run: async (world) => {
      for (const verb of ["Start", "Stop"]) {
        const error = "InvalidEventDataStoreCategoryException";
        const { arn: EventDataStore } = await secondStore(world);
        await isRefused(world, `${verb}EventDataStoreIngestion`, { EventDataStore }, error, 400);
      }
    },
  },
  {
    clause: "channels/ingestion-switch/stops-and-starts",
    needs: ["management-store"],
    run: async (world) => {
      const EventDataStore = String(world.managementStoreArn);
      const status = async () => (await getStore(world, EventDataStore))["Status"];
      await done(world, "StopEventDataStoreIngestion", { EventDataStore });
      const stopped = await status();
      await done(world, "StartEventDataStoreIngestion", { EventDataStore });
      const started = await status();
      const found = `${String(stopped)}, ${String(started)}`;
      expects(
        /^STOPP(?:ING|ED)_INGESTION, (?:STARTING_INGESTION|ENABLED)$/.test(found),
        "STOPPING_INGESTION or STOPPED_INGESTION, then STARTING_INGESTION or ENABLED",
        found,
      );
    },
  },
  {
    clause: "channels/ingestion-switch/from-the-right-status",
    needs: ["management-store"],
    run: async (world) => {
      const EventDataStore = String(world.managementStoreArn);
      const error = "InvalidEventDataStoreStatusException";
      await isRefused(world, "StartEventDataStoreIngestion", { EventDataStore }, error, 400);
      await done(world, "StopEventDataStoreIngestion", { EventDataStore });
      const again = await ask(world, "StopEventDataStoreIngestion", { EventDataStore });
      const { evidence } = world.wire;
      await done(world, "StartEventDataStoreIngestion", { EventDataStore });
      world.wire.recall(evidence);
      refused(again, error, 400);
    },
  },
];
