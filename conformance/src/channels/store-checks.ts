import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { done, getStore, isRefused, nameOf, newStore, secondStore, storeOf } from "./channels-world.ts";

/** Spec 2.4: what an event data store is made of. */
export const storeChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/store/create-answers-what-it-made",
    run: async (world) => {
      const { created, input } = await secondStore(world);
      const { Name, AdvancedEventSelectors: selectors, TagsList: tags } = created;
      expects(Name === input["Name"], `the Name ${String(input["Name"])}`, created);
      expects(
        JSON.stringify(selectors ?? null).includes("ActivityAuditLog") && Array.isArray(tags) && tags.length === 2,
        "its AdvancedEventSelectors and its two tags in TagsList",
        created,
      );
    },
  },
  {
    clause: "channels/store/get-answers-what-it-is",
    run: async (world) => {
      const { arn } = await secondStore(world);
      const told = await getStore(world, arn);
      const wanted = [
        "EventDataStoreArn",
        "Name",
        "Status",
        "AdvancedEventSelectors",
        "MultiRegionEnabled",
        "OrganizationEnabled",
        "RetentionPeriod",
        "TerminationProtectionEnabled",
        "CreatedTimestamp",
        "UpdatedTimestamp",
        "BillingMode",
      ];
      const absent = wanted.filter((member) => told[member] === undefined || told[member] === null);
      expects(absent.length === 0, wanted.join(", "), `without ${absent.join(", ")}`);
    },
  },
  ...defaults({
    "channels/store/default-billing-mode-extendable": { BillingMode: "EXTENDABLE_RETENTION_PRICING" },
    "channels/store/default-retention-366": { RetentionPeriod: 366 },
    "channels/store/default-termination-protection": { TerminationProtectionEnabled: true },
    "channels/store/default-no-organization": { OrganizationEnabled: false },
    "channels/store/default-one-region": { MultiRegionEnabled: false },
  }),
  {
    clause: "channels/store/default-retention-fixed-2557",
    needs: ["own-store"],
    run: async (world) => {
      const { RetentionPeriod: days, BillingMode: mode } = world.storeCreated ?? {};
      await getStore(world, storeOf(world));
      expects(
        mode === "FIXED_RETENTION_PRICING" && days === 2557,
        "2557 days for a store that was made with FIXED_RETENTION_PRICING and no RetentionPeriod",
        { BillingMode: mode, RetentionPeriod: days },
      );
    },
  },
  {
    clause: "channels/store/enabled-when-made",
    run: async (world) => {
      const { arn } = await secondStore(world);
      const { Status } = await getStore(world, arn);
      expects(Status === "ENABLED", "the Status ENABLED", Status);
    },
  },
  {
    clause: "channels/store/federation-off",
    run: async (world) => {
      const { FederationStatus: status } = await getStore(world, storeOf(world));
      expects(status === "DISABLED", "the FederationStatus DISABLED", status);
    },
  },
  {
    clause: "channels/store/name-3-to-128",
    run: async (world) => {
      const { arn } = await secondStore(world);
      for (const length of [3, 4, 127, 128]) {
        const Name = nameOf(world, length);
        const told = await done(world, "UpdateEventDataStore", { EventDataStore: arn, Name });
        expects(told["Name"] === Name, `the name ${Name}`, told["Name"]);
      }
      for (const length of [0, 1, 2, 129]) {
        const Name = nameOf(world, length);
        await isRefused(world, "UpdateEventDataStore", { EventDataStore: arn, Name });
        await isRefused(world, "CreateEventDataStore", newStore(world, { Name }));
      }
    },
  },
  {
    clause: "channels/store/name-characters",
    run: async (world) => {
      const { arn } = await secondStore(world);
      await done(world, "UpdateEventDataStore", { EventDataStore: arn, Name: `${world.prefix}._-aZ09` });
      for (const char of [" ", "/", ":", "é", "😀", "\n", "*"]) {
        const Name = `${world.prefix}${char}`;
        await isRefused(world, "UpdateEventDataStore", { EventDataStore: arn, Name });
        await isRefused(world, "CreateEventDataStore", newStore(world, { Name }));
      }
    },
  },
  {
    clause: "channels/store/name-unique",
    run: async (world) => {
      const { Name } = await getStore(world, storeOf(world));
      await isRefused(
        world,
        "CreateEventDataStore",
        newStore(world, { Name }),
        "EventDataStoreAlreadyExistsException",
        400,
      );
    },
  },
  {
    clause: "channels/store/new-name-unique",
    run: async (world) => {
      const { arn } = await secondStore(world);
      const { Name } = await getStore(world, storeOf(world));
      const input = { EventDataStore: arn, Name };
      await isRefused(world, "UpdateEventDataStore", input, "EventDataStoreAlreadyExistsException", 400);
    },
  },
  {
    clause: "channels/store/of-one-region",
    run: async (world) => {
      const input = newStore(world, { MultiRegionEnabled: true });
      await isRefused(world, "CreateEventDataStore", input, "InvalidParameterException", 400);
      const { arn: EventDataStore } = await secondStore(world);
      const change = { EventDataStore, MultiRegionEnabled: true };
      await isRefused(world, "UpdateEventDataStore", change, "InvalidParameterException", 400);
    },
  },
  {
    clause: "channels/store/of-one-account",
    run: async (world) => {
      const input = newStore(world, { OrganizationEnabled: true });
      await isRefused(world, "CreateEventDataStore", input, "InvalidParameterException", 400);
    },
  },
  {
    clause: "channels/store/region-as-given",
    needs: ["own-store"],
    run: async (world) => {
      const { MultiRegionEnabled: many } = await getStore(world, storeOf(world));
      expects(many === false, "MultiRegionEnabled false, as it was given at its creation", many);
    },
  },
  {
    clause: "channels/store/key-1-to-350",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const keyed = (length: number) => ({ EventDataStore, KmsKeyId: `alias/${"x".repeat(length)}`.slice(-length) });
      // No such key: what fits its shape is looked for.
      for (const length of [349, 350])
        await isRefused(world, "UpdateEventDataStore", keyed(length), [
          "KmsKeyNotFoundException",
          "InvalidKmsKeyIdException",
          "KmsException",
        ]);
      for (const KmsKeyId of ["", keyed(351).KmsKeyId, "no key", "clé"])
        await isRefused(world, "UpdateEventDataStore", { EventDataStore, KmsKeyId });
    },
  },
  {
    clause: "channels/store/unknown-key-refused",
    run: async (world) => {
      const KmsKeyId = `alias/${world.prefix}`;
      const error = ["KmsKeyNotFoundException", "InvalidKmsKeyIdException"];
      await isRefused(world, "CreateEventDataStore", newStore(world, { KmsKeyId }), error, 400);
    },
  },
];

function defaults(wanted: Readonly<Record<string, Members>>): readonly Check<ServerWorld>[] {
  return Object.entries(wanted).map(([clause, members]) => ({
    clause,
    run: async (world) => {
      const { created } = await secondStore(world);
      for (const [member, value] of Object.entries(members))
        expects(
          created[member] === value,
          `${member} ${JSON.stringify(value)} for a store that was made without`,
          created[member] ?? "no such member",
        );
    },
  }));
}
