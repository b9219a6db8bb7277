import type { Caller } from "./caller.ts";
import { conditionsHold } from "./condition.ts";
import type { Decision } from "./decision.ts";
import { identityRefusal, withCaller } from "./evaluate-identity.ts";
import { identityVerdict, sessionVerdict } from "./identity-policy.ts";
import { type Match, principalMatch } from "./principal.ts";
import type { RequestContext } from "./request-context.ts";
import type { TrustPolicy } from "./trust-policy.ts";

/** The action a trust policy is about. */
export const assumeRoleAction = "sts:AssumeRole";

/**
 * Decides an AssumeRole call: an explicit Deny refuses; the trust policy must allow the caller; and its own identity policies
 * must, unless the trust policy names it directly in the role's own account. Every refusal reads the same, also for a role
 * that does not exist: then call this without a trust policy.
 */
export function evaluateAssumeRole(request: {
  readonly caller: Caller;
  readonly role: { readonly arn: string; readonly accountId: string };
  readonly trust: TrustPolicy | undefined;
  readonly context: RequestContext;
}): Decision {
  const { caller, role, trust } = request;
  const context = withCaller(request.context, caller);
  const refused = identityRefusal("none", caller, assumeRoleAction, role.arn);
  const verdict = identityVerdict(caller, assumeRoleAction, role.arn, context);
  if (verdict === "deny") return refused;
  let granted: Match;
  for (const { effect, principals, conditions } of trust?.statements ?? []) {
    const match = principalMatch(principals, caller);
    if (match === undefined || !conditionsHold(conditions, context)) continue;
    if (effect === "Deny") return refused;
    if (granted !== "directly") granted = match;
  }
  if (granted === undefined) return refused;
  if (verdict === "allow") return { allowed: true };
  const direct =
    granted === "directly" &&
    caller.accountId === role.accountId &&
    sessionVerdict(caller, assumeRoleAction, role.arn, context) === "allow";
  return direct ? { allowed: true } : refused;
}
