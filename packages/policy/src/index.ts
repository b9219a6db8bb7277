export type { Caller } from "./caller.ts";
export {
  type ChannelPolicy,
  type ChannelPolicyOptions,
  type ChannelStatement,
  parseChannelPolicy,
  putAuditEventsAction,
} from "./channel-policy.ts";
export type { Condition } from "./condition.ts";
export type { Operator } from "./condition-operator.ts";
export type { Decision } from "./decision.ts";
export { evaluateEventDataStore, type EventDataStoreCall } from "./evaluate-event-data-store.ts";
export { assumeRoleAction, evaluateAssumeRole } from "./evaluate-assume-role.ts";
export { evaluateIdentity } from "./evaluate-identity.ts";
export { evaluatePutAuditEvents, type PutAuditEventsCall } from "./evaluate-put-audit-events.ts";
export {
  administratorPolicy,
  type IdentityPolicy,
  type IdentityStatement,
  parseIdentityPolicy,
  type Patterns,
} from "./identity-policy.ts";
export {
  eventDataStoreActions,
  type EventDataStorePolicy,
  type EventDataStoreStatement,
  parseEventDataStorePolicy,
} from "./event-data-store-policy.ts";
export { PolicyInvalid, type PolicyInvalidCode } from "./policy-invalid.ts";
export type { Principal } from "./principal.ts";
export {
  type ContextValue,
  requestContext,
  type RequestContext,
  type RequestFacts,
  type Tags,
} from "./request-context.ts";
export { parseTrustPolicy, type TrustPolicy, type TrustStatement } from "./trust-policy.ts";
export { wildcardMatches } from "./wildcard.ts";
