import { findsAProblem, inControl, type Mutant, overlooks, refusedAs, unrefused } from "./mutant.ts";

const days = (input: Readonly<Record<string, unknown>>): unknown => input["RetentionPeriod"];

/** Control planes that change, delete and restore stores otherwise. */
export const storeChangeMutants: readonly Mutant[] = [
  // Retention and billing.
  overlooks(
    "keeps events for six days",
    ["channels/member/own-error-where-one-fits", "channels/store/retention-6-refused"],
    (place, _constraint, input) => place.endsWith("/RetentionPeriod") && days(input) === 6,
  ),
  overlooks(
    "keeps events for no day",
    ["channels/store/retention-6-refused"],
    (place, _constraint, input) => place.endsWith("/RetentionPeriod") && Number(days(input)) < 1,
  ),
  findsAProblem(
    "keeps events for eight days at least",
    ["channels/store/retention-7-accepted", "channels/store/retention-fixed-2557-accepted"],
    (operation, input) => (operation === "UpdateEventDataStore" && days(input) === 7 ? "/RetentionPeriod" : undefined),
  ),
  findsAProblem(
    "keeps events for 3652 days at most",
    ["channels/store/retention-extendable-3653-accepted"],
    (_operation, input) => (days(input) === 3653 ? "/RetentionPeriod" : undefined),
  ),
  findsAProblem(
    "keeps events for 2557 days at most",
    ["channels/store/retention-extendable-3653-accepted"],
    (_operation, input) => (Number(days(input)) > 2557 ? "/RetentionPeriod" : undefined),
  ),
  overlooks(
    "keeps events for 3654 days",
    ["channels/store/retention-extendable-3654-refused", "channels/member/own-error"],
    (place, _constraint, input) => place.endsWith("/RetentionPeriod") && days(input) === 3654,
  ),
  overlooks(
    "keeps events for half a day",
    ["channels/store/retention-whole-days"],
    (place, _constraint, input) => place.endsWith("/RetentionPeriod") && days(input) === 7.5,
  ),
  inControl("keeps events for 2556 days at a fixed price", ["channels/store/retention-fixed-2557-accepted"], {
    maxFixedRetentionDays: 2556,
  }),
  inControl("keeps events for 2558 days at a fixed price", ["channels/store/retention-fixed-2558-refused"], {
    maxFixedRetentionDays: 2558,
  }),
  unrefused(
    "does not look at the price of a retention",
    ["channels/store/retention-fixed-2558-refused"],
    "store/fixed-retention",
  ),
  unrefused("goes back to a fixed price", ["channels/store/extendable-stays"], "store/back-to-fixed"),
  findsAProblem(
    "stays at a fixed price",
    ["channels/store/fixed-becomes-extendable"],
    (operation, { BillingMode: mode }) =>
      operation === "UpdateEventDataStore" && mode === "EXTENDABLE_RETENTION_PRICING" ? "/BillingMode" : undefined,
  ),
  unrefused(
    "takes an update of a store that changes nothing",
    ["channels/member/own-error-where-one-fits", "channels/store/update-needs-something"],
    "store/nothing-new",
  ),
  inControl("cuts stores' names at 20 characters", ["channels/store/update-answers-what-it-is"], {
    kept: (name) => (name.endsWith("-updated") ? name.slice(0, 20) : name),
  }),
  inControl(
    "answers an update with what was before",
    [
      "channels/store/retention-7-accepted",
      "channels/store/retention-extendable-3653-accepted",
      "channels/store/retention-fixed-2557-accepted",
      "channels/store/update-answers-what-it-is",
    ],
    {
      answer: (operation, output) =>
        operation === "UpdateEventDataStore" ? { ...output, RetentionPeriod: 366 } : output,
    },
  ),
  inControl("protects a store that is renamed", ["channels/store/update-keeps-the-rest"], {
    afterUpdate: (store, input) => {
      if (input["Name"] !== undefined && input["TerminationProtectionEnabled"] === undefined)
        store.terminationProtection = !store.terminationProtection;
    },
  }),
  inControl("was updated before it was created", ["channels/store/updated-after-created"], {
    updatedAt: ({ createdAt }) => createdAt - 1,
  }),
  // Deletion.
  inControl(
    "keeps stores that are deleted",
    [
      "channels/destination/deleted-store-refused",
      "channels/deletion/waits",
      "channels/deletion/twice-refused",
      "channels/deletion/no-update-while-it-waits",
      "channels/deletion/no-tags-while-it-waits",
      "channels/restore/enables-it",
      "channels/quota/10-stores-in-any-status",
    ],
    { deletes: (what) => what !== "store" },
  ),
  unrefused("deletes protected stores", ["channels/deletion/protected-refused"], "store/protected"),
  refusedAs(
    "calls protection an OperationNotPermittedException",
    ["channels/deletion/protected-refused"],
    "store/protected",
    "OperationNotPermittedException",
  ),
  unrefused("deletes stores of channels", ["channels/deletion/of-a-channels-store-refused"], "store/in-use"),
  refusedAs(
    "calls a store of a channel a conflict",
    ["channels/deletion/of-a-channels-store-refused"],
    "store/in-use",
    "ConflictException",
  ),
  inControl("says that a deleted store is enabled", ["channels/deletion/waits"], {
    answer: (operation, output) =>
      operation === "GetEventDataStore" && "Status" in output && output.Status === "PENDING_DELETION"
        ? { ...output, Status: "ENABLED" }
        : output,
  }),
  inControl("lists no store that waits for its deletion", ["channels/deletion/is-listed-while-it-waits"], {
    listsDeleted: false,
  }),
  unrefused("deletes a store twice", ["channels/deletion/twice-refused"], "store/delete-inactive"),
  refusedAs(
    "calls a second deletion a status error",
    ["channels/deletion/twice-refused"],
    "store/delete-inactive",
    "InvalidEventDataStoreStatusException",
  ),
  unrefused(
    "updates a store that waits for its deletion",
    ["channels/deletion/no-update-while-it-waits"],
    "store/update-inactive",
  ),
  unrefused("tags a store that waits for its deletion", ["channels/deletion/no-tags-while-it-waits"], "tags/inactive"),
  unrefused(
    "changes ingestion of a store that waits for its deletion",
    ["channels/deletion/no-ingestion-change-while-it-waits", "channels/ingestion-switch/from-the-right-status"],
    "ingestion/not-enabled",
    "ingestion/not-stopped",
  ),
  inControl("frees the name of a store that waits", ["channels/deletion/name-stays-taken"], {
    isNameFree: (status) => status === "PENDING_DELETION",
  }),
  // Restoring.
  inControl(
    "restores a store stopped",
    [
      "channels/destination/update-replaces-the-list?",
      "channels/store/enabled-when-made?",
      "channels/deletion/of-a-channels-store-refused?",
      "channels/restore/enables-it",
      "channels/restore/takes-events-again",
      "channels/destination/new-events?",
      "channels/store/retention-by?",
    ],
    { restoredStatus: "STOPPED_INGESTION" },
  ),
  inControl("protects a restored store", ["channels/restore/protection-keeps-its-value"], {
    restoredProtection: () => true,
  }),
  inControl("restores a store with other days", ["channels/restore/keeps-what-it-was"], {
    restoredDays: (before) => before + 1,
  }),
  unrefused("restores a store that nobody deleted", ["channels/restore/only-what-was-deleted"], "store/not-deleted"),
  // Ingestion.
  unrefused(
    "switches the ingestion of activity stores",
    ["channels/ingestion-switch/not-of-activity-stores"],
    "ingestion/category",
  ),
  refusedAs(
    "calls an activity store's ingestion a status error",
    ["channels/ingestion-switch/not-of-activity-stores"],
    "ingestion/category",
    "InvalidEventDataStoreStatusException",
  ),
  inControl(
    "does not stop ingestion",
    ["channels/ingestion-switch/stops-and-starts", "channels/ingestion-switch/from-the-right-status"],
    { changesIngestion: false },
  ),
  unrefused(
    "stops what is stopped",
    ["channels/deletion/no-ingestion-change-while-it-waits", "channels/ingestion-switch/from-the-right-status"],
    "ingestion/not-enabled",
  ),
  unrefused(
    "starts what is started",
    ["channels/deletion/no-ingestion-change-while-it-waits", "channels/ingestion-switch/from-the-right-status"],
    "ingestion/not-stopped",
  ),
];
