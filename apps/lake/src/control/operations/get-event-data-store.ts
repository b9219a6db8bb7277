import { shapes } from "@tributary/schema";
import { eventDataStoreOutput } from "../event-data-store-output.ts";
import { findStore } from "../find-store.ts";
import type { StateOperation } from "../operation.ts";

/** Spec 2.4, A.7. Federation is always off. */
export const getEventDataStore: StateOperation<shapes.GetEventDataStoreRequest> = {
  input: shapes.GetEventDataStoreRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  decide(call) {
    const store = findStore(call, "cloudtrail:GetEventDataStore", call.input.EventDataStore);
    return { changes: [], output: { ...eventDataStoreOutput(store), FederationStatus: "DISABLED" } };
  },
};
