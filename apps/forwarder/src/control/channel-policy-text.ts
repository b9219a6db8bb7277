import { limits, parseCloudTrailArn } from "@tributary/schema";

/** Who may send to a channel. */
export interface Senders {
  /** 12-digit account ids, or ARNs of users, roles, sessions. */
  readonly principals: readonly string[];
  readonly externalId: string | undefined;
}

/** A channel's resource policy that lets the senders put events, as AWS's guide writes it. Spec 3.2. */
export function channelPolicyText({ principals, externalId }: Senders, channelArn: string): string {
  const partition = parseCloudTrailArn(channelArn)?.partition ?? "aws";
  const all = principals.map((one) => (/^\d{12}$/.test(one) ? `arn:${partition}:iam::${one}:root` : one));
  const most = limits.policy.principals;
  const groups = Array.from({ length: Math.max(1, Math.ceil(all.length / most)) }, (_, n) =>
    all.slice(n * most, (n + 1) * most),
  );
  const statements = groups.map((group, n) => ({
    Sid: groups.length === 1 ? "ChannelPolicy" : `ChannelPolicy${n + 1}`,
    Effect: "Allow",
    Principal: { AWS: group },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource: channelArn,
    ...(externalId !== undefined && { Condition: { StringEquals: { "cloudtrail:ExternalId": externalId } } }),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement: statements }, null, statements.length > 1 ? 0 : 2);
}
