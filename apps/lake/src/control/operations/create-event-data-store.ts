import { cloudTrailArn, limits, shapes } from "@tributary/schema";
import type { EventDataStoreRecord } from "../../catalog/control-catalog.ts";
import { activitySelectors } from "../activity-selectors.ts";
import { authorize } from "../authorize.ts";
import { controlError } from "../control-error.ts";
import { eventDataStoreOutput } from "../event-data-store-output.ts";
import type { StateOperation } from "../operation.ts";
import { checkTagCount, tagsList, tagsOf } from "../tags.ts";

/** Spec 2.4, A.6. The lake stores activity events only. */
export const createEventDataStore: StateOperation<shapes.CreateEventDataStoreRequest> = {
  input: shapes.CreateEventDataStoreRequest,
  invalid: {
    AdvancedEventSelectors: "InvalidEventSelectorsException",
    TagsList: "InvalidTagParameterException",
    KmsKeyId: "InvalidKmsKeyIdException",
  },
  decide(call) {
    const { input, caller, env, view } = call;
    const tags = tagsOf(input.TagsList);
    const storeId = env.randomUuid();
    const arn = cloudTrailArn({ region: env.region, accountId: caller.accountId, type: "eventdatastore", id: storeId });
    authorize(call, "cloudtrail:CreateEventDataStore", arn, { requestTags: tags });
    checkTagCount(tags, env.quotas.tagsPerResource);
    const own = [...view.state.stores.values()].filter((store) => store.accountId === caller.accountId);
    if (own.some((store) => store.name === input.Name))
      throw controlError(
        "EventDataStoreAlreadyExistsException",
        `There is already an event data store named ${input.Name}.`,
      );
    const advancedEventSelectors = activitySelectors(input.AdvancedEventSelectors, env.defaultCategory);
    if (input.MultiRegionEnabled === true)
      throw controlError(
        "InvalidParameterException",
        "A store of ActivityAuditLog events is of one region: set MultiRegionEnabled to false.",
      );
    if (input.OrganizationEnabled === true)
      throw controlError(
        "InvalidParameterException",
        "A store of ActivityAuditLog events is of one account: set OrganizationEnabled to false.",
      );
    if (input.StartIngestion === false)
      throw controlError(
        "InvalidParameterException",
        "Ingestion into a store of ActivityAuditLog events cannot be started later: leave StartIngestion out. Without a channel nothing is ingested.",
      );
    if (typeof input.KmsKeyId === "string")
      throw controlError("InvalidKmsKeyIdException", "This lake has no key management service: leave KmsKeyId out.");
    const billingMode = input.BillingMode ?? "EXTENDABLE_RETENTION_PRICING";
    if (own.length >= env.quotas.eventDataStores)
      throw controlError(
        "EventDataStoreMaxLimitExceededException",
        `The account has ${own.length} event data stores, which is the limit.`,
      );
    const store: EventDataStoreRecord = {
      arn,
      storeId,
      accountId: caller.accountId,
      name: input.Name,
      status: "ENABLED",
      advancedEventSelectors,
      multiRegionEnabled: false,
      organizationEnabled: false,
      retentionPeriod: retention(input.RetentionPeriod, billingMode),
      terminationProtectionEnabled: input.TerminationProtectionEnabled ?? true,
      billingMode,
      tags,
      createdAt: env.now,
      updatedAt: env.now,
    };
    return {
      changes: [{ kind: "putStore", store }],
      output: { ...eventDataStoreOutput(store), TagsList: tagsList(tags) },
    };
  },
};

function retention(days: number | null | undefined, billingMode: EventDataStoreRecord["billingMode"]): number {
  const { min, fixedMax, default: extendable, fixedDefault } = limits.retentionDays;
  if (billingMode === "EXTENDABLE_RETENTION_PRICING") return days ?? extendable;
  if (typeof days === "number" && days > fixedMax)
    throw controlError(
      "InvalidParameterException",
      `With FIXED_RETENTION_PRICING the RetentionPeriod is ${min} to ${fixedMax} days.`,
    );
  return days ?? fixedDefault;
}
