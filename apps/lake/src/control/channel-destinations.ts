import { controlError } from "./control-error.ts";
import { findDestination } from "./find-store.ts";
import type { ControlCall } from "./operation.ts";

/** A destination as the control plane spells it. */
export interface DestinationInput {
  readonly Type: string;
  readonly Location: string;
}

/**
 * The ids of the stores a channel delivers to, in the order given. Each must exist in the account, be enabled and hold
 * activity events; none may be there twice. Spec 2.3.
 */
export function channelDestinations(
  call: ControlCall<unknown>,
  destinations: readonly DestinationInput[],
): readonly string[] {
  const ids = new Set<string>();
  for (const { Type, Location } of destinations) {
    if (Type !== "EVENT_DATA_STORE")
      throw controlError("InvalidParameterException", "The Type of a destination must be EVENT_DATA_STORE.");
    const store = findDestination(call, Location);
    if (ids.has(store.storeId))
      throw controlError("InvalidParameterException", `The destination ${store.arn} is given twice.`);
    if (store.status !== "ENABLED")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${store.arn} is ${store.status}: only an ENABLED one can be a destination.`,
      );
    if (store.multiRegionEnabled || store.organizationEnabled)
      throw controlError(
        "InvalidParameterException",
        `The event data store ${store.arn} must be of one region and one account.`,
      );
    ids.add(store.storeId);
  }
  return [...ids];
}

/** A channel's destinations as the control plane returns them: always by ARN. Spec 2.2. */
export function destinationsOutput(
  { view }: ControlCall<unknown>,
  storeIds: readonly string[],
): readonly DestinationInput[] {
  return storeIds.flatMap((storeId) => {
    const store = view.state.stores.get(storeId);
    return store ? [{ Type: "EVENT_DATA_STORE", Location: store.arn }] : [];
  });
}
