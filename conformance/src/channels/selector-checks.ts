import { codePoints } from "@tributary/schema";
import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { ask, done, getStore, isRefused, newStore, secondStore, unmake } from "./channels-world.ts";

const activity = { Field: "eventCategory", Equals: ["ActivityAuditLog"] };

/** Selectors that are not those of an activity store. */
const otherSelectors: Readonly<Record<string, readonly Members[]>> = {
  "one more field": [{ FieldSelectors: [activity, { Field: "eventName", Equals: ["Login"] }] }],
  "two categories": [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["ActivityAuditLog", "Management"] }] }],
  "two selectors": [
    { FieldSelectors: [activity] },
    { FieldSelectors: [{ Field: "eventCategory", Equals: ["Management"] }] },
  ],
  "another operator": [{ FieldSelectors: [{ Field: "eventCategory", StartsWith: ["ActivityAuditLog"] }] }],
  "one more operator": [{ FieldSelectors: [{ ...activity, NotEquals: ["Management"] }] }],
  "another field": [{ FieldSelectors: [{ Field: "eventName", Equals: ["ActivityAuditLog"] }] }],
  "a category of another case": [{ FieldSelectors: [{ Field: "eventCategory", Equals: ["activityauditlog"] }] }],
};

/** Spec 2.4: which events a store takes. */
export const selectorChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "channels/store/selects-activity-events-alone",
    run: async (world) => {
      for (const [about, AdvancedEventSelectors] of Object.entries(otherSelectors)) {
        const answer = await ask(world, "CreateEventDataStore", newStore(world, { AdvancedEventSelectors }));
        await unmake(world, "CreateEventDataStore", answer);
        expects(answer.status !== 200, `a store with ${about} is refused`, `HTTP 200 ${answer.text}`);
        refused(answer, "InvalidEventSelectorsException", 400);
      }
    },
  },
  {
    clause: "channels/store/stays-an-activity-store",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const FieldSelectors = [{ Field: "eventCategory", Equals: ["Management"] }];
      for (const AdvancedEventSelectors of [[{ FieldSelectors }], ...Object.values(otherSelectors)])
        await isRefused(world, "UpdateEventDataStore", { EventDataStore, AdvancedEventSelectors }, undefined, 400);
      const { AdvancedEventSelectors: kept } = await getStore(world, EventDataStore);
      expects(JSON.stringify(kept ?? null).includes("ActivityAuditLog"), "the selectors of an activity store", kept);
    },
  },
  {
    clause: "channels/store/selector-name-to-1000",
    run: async (world) => {
      const { arn: EventDataStore } = await secondStore(world);
      const named = (Name: string) => ({
        EventDataStore,
        AdvancedEventSelectors: [{ Name, FieldSelectors: [activity] }],
      });
      for (const Name of ["", "a", "a".repeat(999), "a".repeat(1000), "😀".repeat(1000)]) {
        const { AdvancedEventSelectors: list } = await done(world, "UpdateEventDataStore", named(Name));
        const [first] = Array.isArray(list) ? (list as readonly unknown[]) : [];
        const kept = isMembers(first) ? (first["Name"] ?? "") : undefined;
        expects(kept === Name, `a selector's Name of ${codePoints(Name)} characters`, kept);
      }
      for (const Name of ["a".repeat(1001), "😀".repeat(1001)]) {
        const { AdvancedEventSelectors } = named(Name);
        await isRefused(world, "UpdateEventDataStore", named(Name));
        await isRefused(world, "CreateEventDataStore", newStore(world, { AdvancedEventSelectors }));
      }
    },
  },
];
