import { administratorPolicy, evaluateEventDataStore, requestContext } from "@tributary/policy";
import type { QueryRecord } from "../catalog/query-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import { ownersOf } from "../control/query-owner.ts";

/**
 * Whether a result may still be handed out, as the policies are now: the account is enabled, every store the query read is there and not
 * waiting for its deletion, and those of other accounts are still shared with whoever started it. No request is under way, so
 * a policy that tests where the request comes from does not allow it. `now`: milliseconds since 1970.
 */
export function mayDeliver(view: ControlView, query: QueryRecord, now: number): boolean {
  const { state } = view;
  const { accountId, callerArn, storeIds } = query;
  if (state.disabledAccounts.has(accountId)) return false;
  const owners = ownersOf(query);
  // What the caller's own account let it do was decided by StartQuery; what the owner lets it do may have changed.
  const caller = { arn: callerArn, accountId, identityPolicies: [administratorPolicy], ...roleOf(callerArn) };
  return storeIds.every((storeId, at) => {
    const store = state.stores.get(storeId);
    if (store === undefined || store.status === "PENDING_DELETION" || store.accountId !== owners[at]) return false;
    if (store.accountId === accountId) return true;
    if (state.disabledAccounts.has(store.accountId)) return false;
    return evaluateEventDataStore({
      caller,
      action: "cloudtrail:StartQuery",
      store,
      policy: view.storePolicy(store.arn),
      context: requestContext({ now }),
    }).allowed;
  });
}

/** A role's session is named by its role too. */
function roleOf(callerArn: string): { readonly sessionOf?: string } {
  const match = /^arn:aws:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(callerArn);
  return match ? { sessionOf: `arn:aws:iam::${match[1]}:role/${match[2]}` } : {};
}
