import type { shapes } from "@tributary/schema";
import { controlError } from "./control-error.ts";
import { findStore } from "./find-store.ts";
import type { ControlCall } from "./operation.ts";

/**
 * Start and StopEventDataStoreIngestion are for stores of AWS's own events; every store of the lake holds activity events,
 * which stop when their channel is deleted. Throws as {@link findStore}, InvalidEventDataStoreStatusException for a store that
 * waits for its deletion, else InvalidEventDataStoreCategoryException. Spec 2.4, A.12, A.13.
 */
export function refuseIngestionChange(
  call: ControlCall<shapes.StartEventDataStoreIngestionRequest>,
  action: "cloudtrail:StartEventDataStoreIngestion" | "cloudtrail:StopEventDataStoreIngestion",
): never {
  const store = findStore(call, action, call.input.EventDataStore);
  if (store.status === "PENDING_DELETION")
    throw controlError(
      "InvalidEventDataStoreStatusException",
      `The event data store ${store.arn} is waiting for its deletion.`,
    );
  throw controlError(
    "InvalidEventDataStoreCategoryException",
    `The event data store ${store.arn} holds ActivityAuditLog events, whose ingestion is neither started nor stopped: delete the channels that deliver to it, or give them other destinations.`,
  );
}
