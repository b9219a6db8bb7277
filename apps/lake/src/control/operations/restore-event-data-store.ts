import { shapes } from "@tributary/schema";
import type { EventDataStoreRecord } from "../../catalog/control-catalog.ts";
import { controlError } from "../control-error.ts";
import { isPurgeDue } from "../deletion-wait.ts";
import { eventDataStoreOutput } from "../event-data-store-output.ts";
import { findStore } from "../find-store.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.4, A.11: within the seven days; termination protection keeps its value. */
export const restoreEventDataStore: StateOperation<shapes.RestoreEventDataStoreRequest> = {
  input: shapes.RestoreEventDataStoreRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  decide(call) {
    const { env } = call;
    const { deletedAt, ...before } = findStore(call, "cloudtrail:RestoreEventDataStore", call.input.EventDataStore);
    if (before.status !== "PENDING_DELETION")
      throw controlError(
        "InvalidEventDataStoreStatusException",
        `The event data store ${before.arn} is ${before.status}: only one that waits for its deletion can be restored.`,
      );
    if (isPurgeDue({ ...before, deletedAt }, env.now))
      throw controlError(
        "InvalidEventDataStoreStatusException",
        `The event data store ${before.arn} was deleted more than seven days ago and is being purged.`,
      );
    const store: EventDataStoreRecord = {
      ...before,
      status: "ENABLED",
      updatedAt: Math.max(env.now, before.updatedAt),
    };
    return { changes: [{ kind: "putStore", store }], output: eventDataStoreOutput(store) };
  },
};
