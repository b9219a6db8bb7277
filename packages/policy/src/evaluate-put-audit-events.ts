import { TributaryError } from "@tributary/schema";
import type { Caller } from "./caller.ts";
import {
  carriesExternalId,
  type ChannelPolicy,
  type ChannelStatement,
  externalIdKey,
  putAuditEventsAction,
} from "./channel-policy.ts";
import { conditionHolds } from "./condition.ts";
import type { Decision } from "./decision.ts";
import { identityRefusal, refusal, withCaller } from "./evaluate-identity.ts";
import { grantedBy } from "./granted-by.ts";
import { identityVerdict, sessionVerdict } from "./identity-policy.ts";
import { principalMatch } from "./principal.ts";
import { addTags, type RequestContext, type Tags } from "./request-context.ts";

/** A PutAuditEvents call as the policies see it. */
export interface PutAuditEventsCall {
  readonly caller: Caller;
  readonly channel: { readonly arn: string; readonly accountId: string; readonly tags: Tags };
  /** Undefined where the channel has none. */
  readonly policy: ChannelPolicy | undefined;
  readonly context: RequestContext;
  /**
   * `gate`: while any Allow statement tests `cloudtrail:ExternalId`, every call must bring an id that one of them
   * accepts, the owner's too. `iam`: plain IAM evaluation. Spec 3.4 step 2.
   */
  readonly externalIdMode: "gate" | "iam";
}

/**
 * Decides a PutAuditEvents call. Spec 3.4: explicit Deny, external-id gate, then identity OR resource policy for the
 * owner's account, identity AND resource policy for another.
 *
 * What a caller of another account learns while the channel does not grant it depends on the caller and the ARN alone,
 * never on the channel's tags or policy, so it cannot tell a channel that refuses from one that does not exist: for a
 * missing channel, call this with no tags and no policy. Throws `POLICY_MISMATCH` for the policy of another channel.
 */
export function evaluatePutAuditEvents(call: PutAuditEventsCall): Decision {
  const { caller, channel, policy } = call;
  if (policy && policy.channelArn !== channel.arn)
    throw new TributaryError(`The policy is ${policy.channelArn}'s, not ${channel.arn}'s.`, {
      code: "POLICY_MISMATCH",
    });
  const bare = withCaller(call.context, caller);
  const context = new Map(bare);
  addTags(context, "aws:resourcetag/", channel.tags);

  const statements = policy?.statements ?? [];
  const denied = grantedBy(statements, "Deny", caller, context) !== undefined;
  const granted = grantedBy(statements, "Allow", caller, context);
  const sameAccount = caller.accountId === channel.accountId;
  const gateOpen = call.externalIdMode === "iam" || gatePassed(statements, sameAccount ? undefined : caller, context);
  const verdict = identityVerdict(caller, putAuditEventsAction, channel.arn, context);

  if (!sameAccount && (granted === undefined || !gateOpen)) {
    const blind = identityVerdict(caller, putAuditEventsAction, channel.arn, bare);
    return blind === "allow"
      ? refuse(
          call,
          gateOpen ? "resource-policy" : "external-id",
          "because no resource-based policy allows it with this external ID",
        )
      : identityRefusal(blind, caller, putAuditEventsAction, channel.arn);
  }
  if (denied || verdict === "deny") return identityRefusal("deny", caller, putAuditEventsAction, channel.arn);
  if (!gateOpen)
    return refuse(call, "external-id", "because the channel's policy requires an external ID and this is not it");
  // Naming the account only delegates to its identity policies; naming the caller allows by itself.
  const direct = sameAccount && granted === "directly";
  const allowed =
    verdict === "allow" || (direct && sessionVerdict(caller, putAuditEventsAction, channel.arn, context) === "allow");
  return allowed ? { allowed: true } : identityRefusal("none", caller, putAuditEventsAction, channel.arn);
}

/**
 * The external-id gate. `foreign` is the caller where it is of another account: then only statements that name it count.
 * Only the conditions on the external id are tested: the others are the ordinary evaluation's.
 */
function gatePassed(
  statements: readonly ChannelStatement[],
  foreign: Caller | undefined,
  context: RequestContext,
): boolean {
  const gates = statements.filter((statement) => statement.effect === "Allow" && carriesExternalId(statement));
  if (gates.length === 0) return true;
  if (!context.has(externalIdKey)) return false;
  return gates.some(
    ({ principals, conditions }) =>
      (foreign === undefined || principalMatch(principals, foreign) !== undefined) &&
      conditions.every((condition) => condition.key !== externalIdKey || conditionHolds(condition, context)),
  );
}

function refuse(call: PutAuditEventsCall, by: "resource-policy" | "external-id", why: string): Decision {
  return refusal(by, call.caller, putAuditEventsAction, call.channel.arn, why);
}
