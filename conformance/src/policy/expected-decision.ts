import {
  administratorPolicy,
  type Caller,
  evaluatePutAuditEvents,
  parseChannelPolicy,
  requestContext,
} from "@tributary/policy";
import type { RoleSession } from "../wire/identity.ts";

/** An administrator of an account. */
export function administrator(accountId: string): Caller {
  return {
    arn: `arn:aws:iam::${accountId}:user/administrator`,
    accountId,
    identityPolicies: [administratorPolicy],
  };
}

/** A session of a role that its own policies let put events. */
export function administratorRole({ accountId, roleArn, sessionArn }: RoleSession): Caller {
  return { arn: sessionArn, accountId, identityPolicies: [administratorPolicy], sessionOf: roleArn };
}

/** What the specification says of a call: whether the caller may put events (spec 3.4). */
export function expectedDecision(call: {
  readonly text: string;
  readonly channelArn: string;
  /** The channel's owner. */
  readonly ownerId: string;
  readonly caller: Caller;
  readonly externalId: string | undefined;
}): boolean {
  const { text, channelArn, ownerId, caller, externalId } = call;
  return evaluatePutAuditEvents({
    caller,
    channel: { arn: channelArn, accountId: ownerId, tags: {} },
    policy: parseChannelPolicy(text, channelArn),
    context: requestContext({ externalId }),
    externalIdMode: "gate",
  }).allowed;
}
