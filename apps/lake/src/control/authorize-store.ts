import { type Decision, evaluateEventDataStore, requestContext } from "@tributary/policy";
import type { EventDataStoreRecord } from "../catalog/control-catalog.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";

/** An event data store of the caller's account, or what its ARN would be where there is none. */
export type StoreOrAbsent = Pick<EventDataStoreRecord, "arn" | "accountId"> & Partial<EventDataStoreRecord>;

/** Throws AccessDeniedException 403 unless the caller's identity policies or the store's own policy allow the action. */
export function authorizeStore(call: ControlCall<unknown>, action: `cloudtrail:${string}`, store: StoreOrAbsent): void {
  const decision = decideStore(call, action, store);
  if (!decision.allowed) throw controlError("AccessDeniedException", decision.message);
}

/** Whether the caller's identity policies or the store's own policy allow the action. */
export function mayUseStore(call: ControlCall<unknown>, action: `cloudtrail:${string}`, store: StoreOrAbsent): boolean {
  return decideStore(call, action, store).allowed;
}

/**
 * The store of another account under this id, if that account's policy and the caller's own allow the action; undefined
 * alike when there is none. The stores of a disabled account are shared with nobody.
 */
export function sharedStore(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  storeId: string,
): EventDataStoreRecord | undefined {
  const { state } = call.view;
  const store = state.stores.get(storeId);
  if (!store || store.accountId === call.caller.accountId || state.disabledAccounts.has(store.accountId))
    return undefined;
  return decideStore(call, action, store).allowed ? store : undefined;
}

function decideStore(
  { view, caller, facts }: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  { arn, accountId, tags = {} }: StoreOrAbsent,
): Decision {
  return evaluateEventDataStore({
    caller,
    action,
    store: { arn, accountId, tags },
    policy: view.storePolicy(arn),
    context: requestContext(facts),
  });
}
