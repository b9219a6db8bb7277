import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findStore } from "../find-store.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.4, A.10: the store waits seven days for its purge, and only RestoreEventDataStore works on it. Its queries are stopped. */
export const deleteEventDataStore: StateOperation<shapes.DeleteEventDataStoreRequest> = {
  input: shapes.DeleteEventDataStoreRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  decide(call) {
    const { env, view } = call;
    const store = findStore(call, "cloudtrail:DeleteEventDataStore", call.input.EventDataStore);
    if (store.status === "PENDING_DELETION")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${store.arn} is waiting for its deletion already.`,
      );
    if (store.terminationProtectionEnabled)
      throw controlError(
        "EventDataStoreTerminationProtectedException",
        `The event data store ${store.arn} is protected from termination: first update it with TerminationProtectionEnabled false.`,
      );
    const channel = [...view.state.channels.values()].find(({ destinations }) => destinations.includes(store.storeId));
    if (channel)
      throw controlError(
        "ChannelExistsForEDSException",
        `The channel ${channel.arn} delivers to the event data store ${store.arn}: delete the channel first, or give it other destinations.`,
      );
    // Never before what the store has seen: a clock that was behind must not shorten the wait.
    const deletedAt = Math.max(env.now, store.updatedAt);
    return {
      changes: [
        { kind: "putStore", store: { ...store, status: "PENDING_DELETION", updatedAt: deletedAt, deletedAt } },
        { kind: "endQueries", storeId: store.storeId, reason: "An event data store of the query was deleted." },
      ],
      output: {},
    };
  },
};
