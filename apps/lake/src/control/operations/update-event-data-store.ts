import { shapes } from "@tributary/schema";
import type { EventDataStoreRecord } from "../../catalog/control-catalog.ts";
import { activitySelectors } from "../activity-selectors.ts";
import { checkActivityStore } from "../check-activity-store.ts";
import { controlError } from "../control-error.ts";
import { eventDataStoreOutput } from "../event-data-store-output.ts";
import { findStore } from "../find-store.ts";
import type { StateOperation } from "../operation.ts";
import { retentionPeriod } from "../retention-period.ts";

const optional = [
  "Name",
  "AdvancedEventSelectors",
  "MultiRegionEnabled",
  "OrganizationEnabled",
  "RetentionPeriod",
  "TerminationProtectionEnabled",
  "KmsKeyId",
  "BillingMode",
] as const;

/** Spec 2.4, A.9: replaces what is given. An activity store stays one, of one region and one account, without a key. */
export const updateEventDataStore: StateOperation<shapes.UpdateEventDataStoreRequest> = {
  input: shapes.UpdateEventDataStoreRequest,
  invalid: {
    EventDataStore: "EventDataStoreARNInvalidException",
    AdvancedEventSelectors: "InvalidEventSelectorsException",
    KmsKeyId: "InvalidKmsKeyIdException",
  },
  decide(call) {
    const { input, env, view } = call;
    const before = findStore(call, "cloudtrail:UpdateEventDataStore", input.EventDataStore);
    if (before.status === "PENDING_DELETION")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${before.arn} is waiting for its deletion.`,
      );
    if (optional.every((member) => (input[member] ?? undefined) === undefined))
      throw controlError("InvalidParameterException", `Give at least one of ${optional.join(", ")}.`);
    const name = input.Name ?? before.name;
    for (const store of view.state.stores.values())
      if (store.name === name && store.accountId === before.accountId && store.storeId !== before.storeId)
        throw controlError(
          "EventDataStoreAlreadyExistsException",
          `There is already an event data store named ${name}.`,
        );
    const selectors = input.AdvancedEventSelectors ?? undefined;
    const advancedEventSelectors = selectors ? activitySelectors(selectors, undefined) : before.advancedEventSelectors;
    checkActivityStore(input);
    const billingMode = input.BillingMode ?? before.billingMode;
    if (billingMode === "FIXED_RETENTION_PRICING" && before.billingMode === "EXTENDABLE_RETENTION_PRICING")
      throw controlError(
        "InvalidParameterException",
        "The BillingMode of a store can change from FIXED_RETENTION_PRICING to EXTENDABLE_RETENTION_PRICING, not back.",
      );
    const store: EventDataStoreRecord = {
      ...before,
      name,
      advancedEventSelectors,
      billingMode,
      retentionPeriod: retentionPeriod(input.RetentionPeriod ?? before.retentionPeriod, billingMode),
      terminationProtectionEnabled: input.TerminationProtectionEnabled ?? before.terminationProtectionEnabled,
      updatedAt: Math.max(env.now, before.updatedAt),
    };
    return {
      changes: [{ kind: "putStore", store }],
      output: { ...eventDataStoreOutput(store), FederationStatus: "DISABLED" },
    };
  },
};
