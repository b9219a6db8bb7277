import type { Caller } from "./caller.ts";
import type { Decision } from "./decision.ts";
import { identityVerdict } from "./identity-policy.ts";
import type { ContextValue, RequestContext } from "./request-context.ts";

/** Decides a call on a resource of the caller's own account, by identity policies alone. */
export function evaluateIdentity(request: {
  readonly caller: Caller;
  /** For instance `cloudtrail:CreateChannel`. */
  readonly action: string;
  /** The resource's ARN; `*` for actions that have none. */
  readonly resource: string;
  readonly context: RequestContext;
}): Decision {
  const { caller, action, resource, context } = request;
  const verdict = identityVerdict(caller, action, resource, withCaller(context, caller));
  return verdict === "allow" ? { allowed: true } : identityRefusal(verdict, caller, action, resource);
}

/** The context with the keys that the credential gives; what the request claims for them is overwritten. Spec 3.3. */
export function withCaller(context: RequestContext, caller: Caller): Map<string, ContextValue> {
  return new Map(context)
    .set("aws:principalaccount", caller.accountId)
    .set("aws:principalarn", caller.sessionOf ?? caller.arn);
}

/** The refusal for a verdict that is not `allow`, in AWS's words. */
export function identityRefusal(verdict: "deny" | "none", caller: Caller, action: string, resource: string): Decision {
  return verdict === "deny"
    ? refusal("explicit-deny", caller, action, resource, "with an explicit deny in a policy")
    : refusal(
        "identity-policy",
        caller,
        action,
        resource,
        `because no identity-based policy allows the ${action} action`,
      );
}

/** A refusal of the kind `by`. */
export function refusal(
  by: Extract<Decision, { allowed: false }>["by"],
  caller: Caller,
  action: string,
  resource: string,
  why: string,
): Decision {
  return {
    allowed: false,
    by,
    message: `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`,
  };
}
