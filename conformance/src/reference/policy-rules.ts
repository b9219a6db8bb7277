import {
  type Caller,
  type ChannelPolicy,
  type Decision,
  evaluatePutAuditEvents,
  parseChannelPolicy,
  type PutAuditEventsCall,
} from "@tributary/policy";

/** Decisions about policies of channels, spec 2.5 and 3. A mutant changes one of them. */
export const policyRules = {
  /** Throws for a document that is not valid. */
  parse: (text: string, channelArn: string): ChannelPolicy => parseChannelPolicy(text, channelArn),
  decide: (call: PutAuditEventsCall): Decision => evaluatePutAuditEvents(call),
  externalId: (sent: string | undefined): string | undefined => sent,
  callerOf: (caller: Caller): Caller => caller,
  /** What GetResourcePolicy answers. */
  kept: (text: string): string => text,
  /** What PutResourcePolicy answers. */
  putAnswer: (channelArn: string, text: string): object => ({ ResourceArn: channelArn, ResourcePolicy: text }),
  replaces: true,
  deletes: true,
  /** Where a policy is asked for and there is none. */
  missing: "ResourcePolicyNotFoundException",
  invalid: "ResourcePolicyNotValidException",
  wrongArn: "ResourceARNNotValidException",
  wrongType: "ResourceTypeNotSupportedException",
  refusal: (
    by: Exclude<Decision, { readonly allowed: true }>["by"],
  ): { readonly code: string; readonly status: number } =>
    by === "resource-policy" || by === "external-id"
      ? { code: "ChannelInsufficientPermission", status: 400 }
      : { code: "AccessDeniedException", status: 403 },
  /** To a caller of another account, a channel that is not there. */
  strangerFindsNothing: "ChannelInsufficientPermission",
};

export type PolicyRules = typeof policyRules;
