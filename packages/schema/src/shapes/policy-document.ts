import { type Static, Type as T } from "@sinclair/typebox";
import { limits } from "../limits.ts";

/** Conditions: operator, then key, then one value or several, any of which may match. Spec 3.1, 3.2. */
export const PolicyCondition = T.Record(
  T.String(),
  T.Record(T.String(), T.Union([T.String(), T.Array(T.String(), { minItems: 1 })])),
);
export type PolicyCondition = Static<typeof PolicyCondition>;

const principal = T.String({ minLength: 1 });
const action = T.Literal("cloudtrail-data:PutAuditEvents");
const resource = T.String({ minLength: 1 });

/** A statement of a channel's resource policy. Spec 3.1, 3.2. */
export const PolicyStatement = T.Object(
  {
    Sid: T.Optional(T.String()),
    Effect: T.Union([T.Literal("Allow"), T.Literal("Deny")]),
    Principal: T.Object(
      { AWS: T.Union([principal, T.Array(principal, { minItems: 1, maxItems: limits.policy.principals })]) },
      { additionalProperties: false },
    ),
    Action: T.Union([action, T.Array(action, { minItems: 1, maxItems: 1 })]),
    /** The channel's ARN. */
    Resource: T.Union([resource, T.Array(resource, { minItems: 1, maxItems: 1 })]),
    Condition: T.Optional(PolicyCondition),
  },
  { additionalProperties: false },
);
export type PolicyStatement = Static<typeof PolicyStatement>;

/** The document of a channel's resource policy: its grammar. What principals and conditions mean is not in it. Spec 3.2. */
export const PolicyDocument = T.Object(
  {
    Version: T.Union([T.Literal("2012-10-17"), T.Literal("2008-10-17")]),
    Id: T.Optional(T.String()),
    Statement: T.Union([
      PolicyStatement,
      T.Array(PolicyStatement, { minItems: 1, maxItems: limits.policy.statements }),
    ]),
  },
  { additionalProperties: false },
);
export type PolicyDocument = Static<typeof PolicyDocument>;
