import { administratorPolicy, evaluatePutAuditEvents, parseChannelPolicy, requestContext } from "@tributary/policy";

/** What the specification says of a call: whether an administrator of an account may put events (spec 3.4). */
export function expectedDecision(call: {
  readonly text: string;
  readonly channelArn: string;
  /** The channel's owner. */
  readonly ownerId: string;
  readonly callerAccountId: string;
  readonly externalId: string | undefined;
}): boolean {
  const { text, channelArn, ownerId, callerAccountId, externalId } = call;
  return evaluatePutAuditEvents({
    caller: {
      arn: `arn:aws:iam::${callerAccountId}:user/administrator`,
      accountId: callerAccountId,
      identityPolicies: [administratorPolicy],
    },
    channel: { arn: channelArn, accountId: ownerId, tags: {} },
    policy: parseChannelPolicy(text, channelArn),
    context: requestContext({ externalId }),
    externalIdMode: "gate",
  }).allowed;
}
