import { cloudTrailArn, shapes } from "@tributary/schema";
import type { EventDataStoreRecord } from "../../catalog/control-catalog.ts";
import { activitySelectors } from "../activity-selectors.ts";
import { authorize } from "../authorize.ts";
import { checkActivityStore } from "../check-activity-store.ts";
import { controlError } from "../control-error.ts";
import { eventDataStoreOutput } from "../event-data-store-output.ts";
import type { StateOperation } from "../operation.ts";
import { retentionPeriod } from "../retention-period.ts";
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
    checkActivityStore(input);
    if (input.StartIngestion === false)
      throw controlError(
        "InvalidParameterException",
        "Ingestion into a store of ActivityAuditLog events cannot be started later: leave StartIngestion out. Without a channel nothing is ingested.",
      );
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
      retentionPeriod: retentionPeriod(input.RetentionPeriod, billingMode),
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
