import { shapes } from "@tributary/schema";
import type { StateOperation } from "../operation.ts";
import { refuseIngestionChange } from "../refuse-ingestion-change.ts";

/** Spec 2.4, A.12. Not for activity stores, which are all that the lake has. */
export const startEventDataStoreIngestion: StateOperation<shapes.StartEventDataStoreIngestionRequest> = {
  input: shapes.StartEventDataStoreIngestionRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  decide: (call) => refuseIngestionChange(call, "cloudtrail:StartEventDataStoreIngestion"),
};
