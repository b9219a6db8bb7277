import { TributaryError } from "@tributary/schema";
import type { Caller } from "./caller.ts";
import type { Decision } from "./decision.ts";
import { identityRefusal, refusal, withCaller } from "./evaluate-identity.ts";
import type { EventDataStorePolicy } from "./event-data-store-policy.ts";
import { grantedBy } from "./granted-by.ts";
import { identityVerdict, sessionVerdict } from "./identity-policy.ts";
import { addTags, type RequestContext, type Tags } from "./request-context.ts";

/** A call on an event data store as the policies see it. */
export interface EventDataStoreCall {
  readonly caller: Caller;
  /** For instance `cloudtrail:StartQuery`. One that no store's policy may name is decided by identity policies alone. */
  readonly action: string;
  readonly store: { readonly arn: string; readonly accountId: string; readonly tags: Tags };
  /** Undefined where the store has none. */
  readonly policy: EventDataStorePolicy | undefined;
  readonly context: RequestContext;
}

/**
 * Decides a call on an event data store: explicit Deny, then identity OR resource policy for the owner's account, identity
 * AND resource policy for another. Spec 3.4, 3.6.
 *
 * What a caller of another account learns while the store does not grant it depends on the caller and the ARN alone: for a
 * missing store, call this with no tags and no policy. Throws `POLICY_MISMATCH` for the policy of another store.
 */
export function evaluateEventDataStore(call: EventDataStoreCall): Decision {
  const { caller, action, store, policy } = call;
  if (policy && policy.eventDataStoreArn !== store.arn)
    throw new TributaryError(`The policy is ${policy.eventDataStoreArn}'s, not ${store.arn}'s.`, {
      code: "POLICY_MISMATCH",
    });
  const bare = withCaller(call.context, caller);
  const context = new Map(bare);
  addTags(context, "aws:resourcetag/", store.tags);

  const statements = policy?.statements.filter(({ actions }) => actions.includes(action)) ?? [];
  const denied = grantedBy(statements, "Deny", caller, context) !== undefined;
  const granted = grantedBy(statements, "Allow", caller, context);
  const sameAccount = caller.accountId === store.accountId;
  const verdict = identityVerdict(caller, action, store.arn, context);

  if (!sameAccount && granted === undefined) {
    const blind = identityVerdict(caller, action, store.arn, bare);
    return blind === "allow"
      ? refusal("resource-policy", caller, action, store.arn, "because no resource-based policy allows it")
      : identityRefusal(blind, caller, action, store.arn);
  }
  if (denied || verdict === "deny") return identityRefusal("deny", caller, action, store.arn);
  // Naming the account only delegates to its identity policies; naming the caller allows by itself.
  const direct = sameAccount && granted === "directly";
  const allowed = verdict === "allow" || (direct && sessionVerdict(caller, action, store.arn, context) === "allow");
  return allowed ? { allowed: true } : identityRefusal("none", caller, action, store.arn);
}
