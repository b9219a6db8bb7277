import {
  administratorPolicy,
  type Caller,
  type ChannelPolicy,
  type Decision,
  evaluatePutAuditEvents,
  type IdentityPolicy,
  parseChannelPolicy,
  parseIdentityPolicy,
  type PutAuditEventsCall,
  requestContext,
  type RequestFacts,
  type Tags,
} from "../src/index.ts";

export const owner = "111122223333";
export const partner = "444455556666";
export const stranger = "777788889999";
export const channelArn = `arn:aws:cloudtrail:us-east-1:${owner}:channel/0c1d2e3f-0000-4000-8000-000000000001`;
export const put = "cloudtrail-data:PutAuditEvents";

type Json = Readonly<Record<string, unknown>>;

/** A statement of a channel policy, with what every one needs filled in. */
export function statement(parts: Json = {}): Json {
  return { Effect: "Allow", Principal: { AWS: partner }, Action: put, Resource: channelArn, ...parts };
}

export function channelPolicy(...statements: readonly Json[]): ChannelPolicy {
  return parseChannelPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }), channelArn);
}

export function identityPolicy(...statements: readonly Json[]): IdentityPolicy {
  return parseIdentityPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }));
}

export const externalId = (id: string | readonly string[]) => ({
  Condition: { StringEquals: { "cloudtrail:ExternalId": id } },
});

/** An IAM user of the account; an administrator unless told otherwise. */
export function user(accountId: string, identityPolicies: readonly IdentityPolicy[] = [administratorPolicy]): Caller {
  return { arn: `arn:aws:iam::${accountId}:user/alice`, accountId, identityPolicies };
}

export function rootOf(accountId: string): Caller {
  return { arn: `arn:aws:iam::${accountId}:root`, accountId, root: true, identityPolicies: [] };
}

/** A session of the role `ingest/shipper`. */
export function session(
  accountId: string,
  identityPolicies: readonly IdentityPolicy[] = [administratorPolicy],
): Caller {
  return {
    arn: `arn:aws:sts::${accountId}:assumed-role/shipper/now`,
    accountId,
    identityPolicies,
    sessionOf: `arn:aws:iam::${accountId}:role/ingest/shipper`,
  };
}

/** Decides a call on the channel; the gate is on unless told otherwise. */
export function decide(
  caller: Caller,
  policy: ChannelPolicy | undefined,
  options: RequestFacts & { readonly mode?: PutAuditEventsCall["externalIdMode"]; readonly tags?: Tags } = {},
): Decision {
  return evaluatePutAuditEvents({
    caller,
    channel: { arn: channelArn, accountId: owner, tags: options.tags ?? {} },
    policy,
    context: requestContext(options),
    externalIdMode: options.mode ?? "gate",
  });
}

/** `allowed`, or what refused. */
export function outcome(decision: Decision): string {
  return decision.allowed ? "allowed" : decision.by;
}
