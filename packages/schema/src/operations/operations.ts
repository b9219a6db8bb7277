import { channelOperations } from "./channel-operations.ts";
import { eventDataStoreOperations } from "./event-data-store-operations.ts";
import { resourcePolicyOperations } from "./resource-policy-operations.ts";
import { tagOperations } from "./tag-operations.ts";
import { queryOperations } from "./query-operations.ts";

/** The 24 operations of the control plane that a lake has. Spec appendix A. */
export const operations = Object.freeze({
  ...channelOperations,
  ...eventDataStoreOperations,
  ...resourcePolicyOperations,
  ...tagOperations,
  ...queryOperations,
});

export type OperationName = keyof typeof operations;
