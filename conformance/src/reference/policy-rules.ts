import {
  type Caller,
  type ChannelPolicy,
  type Decision,
  evaluateEventDataStore,
  evaluatePutAuditEvents,
  type EventDataStoreCall,
  type EventDataStorePolicy,
  parseChannelPolicy,
  parseEventDataStorePolicy,
  type PutAuditEventsCall,
} from "@tributary/policy";

/** Decisions about policies of channels and of event data stores, spec 2.5 and 3. A mutant changes one of them. */
export const policyRules = {
  /** Throws for a document that is not valid. */
  parse: (text: string, channelArn: string): ChannelPolicy => parseChannelPolicy(text, channelArn),
  /** The same for a store's. */
  parseStore: (text: string, storeArn: string): EventDataStorePolicy => parseEventDataStorePolicy(text, storeArn),
  decide: (call: PutAuditEventsCall): Decision => evaluatePutAuditEvents(call),
  decideStore: (call: EventDataStoreCall): Decision => evaluateEventDataStore(call),
  externalId: (sent: string | undefined): string | undefined => sent,
  callerOf: (caller: Caller): Caller => caller,
  /** What GetResourcePolicy answers. */
  kept: (text: string): string => text,
  /** What PutResourcePolicy answers. */
  putAnswer: (channelArn: string, text: string): object => ({ ResourceArn: channelArn, ResourcePolicy: text }),
  /** What has policies, as its ARN says. */
  types: ["channel", "eventdatastore"] as readonly string[],
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
