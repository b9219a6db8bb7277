import { limits, parseCloudTrailArn } from "@tributary/schema";
import { type Condition, readConditions, type ValueRule } from "./condition.ts";
import { channelKeys } from "./condition-key.ts";
import { own, policyReader, quote, readDocument, readEffect, readExactly, readSid } from "./policy-document.ts";
import { type Principal, readPrincipals } from "./principal.ts";

/** The one action a channel's policy is about. */
export const putAuditEventsAction = "cloudtrail-data:PutAuditEvents";

/** The condition key of external ids, as conditions hold it. */
export const externalIdKey = "cloudtrail:externalid";

/** A statement of a resource policy. Its action and resource are checked on reading and need no test afterwards. */
export interface ChannelStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

/** A channel's resource policy, read and found valid. */
export interface ChannelPolicy {
  readonly channelArn: string;
  readonly statements: readonly ChannelStatement[];
  /** What is legal but probably not meant, for the server's log (spec 3.4 step 6). */
  readonly warnings: readonly string[];
}

/** What {@link parseChannelPolicy} may be told. */
export interface ChannelPolicyOptions {
  /** Lets `"*"` stand as a principal: in a Deny, or in an Allow that a condition restricts. Default false. Spec 3.1. */
  readonly allowAnyPrincipal?: boolean;
}

/**
 * Parses and validates a channel's resource policy. Spec 3.1, 3.2.
 * Throws {@link PolicyInvalid} with code `RESOURCE_POLICY_NOT_VALID`; the message names the statement and the rule.
 */
export function parseChannelPolicy(
  text: string,
  channelArn: string,
  options: ChannelPolicyOptions = {},
): ChannelPolicy {
  const reader = policyReader("RESOURCE_POLICY_NOT_VALID");
  const channel = parseCloudTrailArn(channelArn);
  if (channel?.type !== "channel") return reader.fail("", `${quote(channelArn)} is not the ARN of a channel.`);
  const document = readDocument(reader, text, {
    maxCharacters: limits.policy.characters,
    maxStatements: limits.policy.statements,
    versionRequired: true,
  });
  const variables = document.version === "2012-10-17";
  const sids = new Set<string>();
  const statements = document.statements.map(({ path, value }): ChannelStatement => {
    const statement = reader.object(value, path, ["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);
    const sid = readSid(reader, statement, path, sids);
    const effect = readEffect(reader, statement, path);
    const principals = readPrincipals(reader, own(statement, "Principal"), `${path}.Principal`, {
      partition: channel.partition,
      maxPrincipals: limits.policy.principals,
      services: [],
      allowAny: options.allowAnyPrincipal ?? false,
    });
    readExactly(reader, statement, path, "Action", putAuditEventsAction);
    readExactly(reader, statement, path, "Resource", channelArn);
    const conditions = readConditions(reader, own(statement, "Condition"), `${path}.Condition`, {
      keys: channelKeys,
      variables,
      rule: externalIdRule,
    });
    if (effect === "Allow" && principals.some(({ kind }) => kind === "any") && !conditions.some(restricts))
      reader.fail(
        `${path}.Principal`,
        '"*" in an Allow needs a condition on cloudtrail:ExternalId, aws:PrincipalAccount or aws:PrincipalArn.',
      );
    return { ...(sid === undefined ? {} : { sid }), effect, principals, conditions };
  });
  return Object.freeze({ channelArn, statements, warnings: warningsOf(statements) });
}

/** Whether the statement tests the external id. */
export function carriesExternalId(statement: ChannelStatement): boolean {
  return statement.conditions.some(({ key }) => key === externalIdKey);
}

const externalIdRule: ValueRule = ({ key, name, operator }, value) => {
  if (key !== externalIdKey || operator === "Null") return undefined;
  const pattern = name.includes("Like") ? /^[\w+=,.@:/\-*?]*$/ : /^[\w+=,.@:/-]*$/;
  const short = name.includes("Like") ? 1 : limits.externalId.min;
  if (value.length >= short && value.length <= limits.externalId.max && pattern.test(value)) return undefined;
  return "an external id is 2 to 1224 characters: letters, digits and _+=,.@:/-";
};

/** Whether a condition can only hold for callers it names. */
function restricts({ key, operator, set, ifExists, values }: Condition): boolean {
  if (![externalIdKey, "aws:principalaccount", "aws:principalarn"].includes(key)) return false;
  if (operator === "Null" || operator.negated || ifExists || set === "ForAllValues") return false;
  return values.every((value) => /[^*?:]/.test(value.replace(/^arn:/, "")));
}

function warningsOf(statements: readonly ChannelStatement[]): readonly string[] {
  const allows = statements.filter(({ effect }) => effect === "Allow");
  const withId = allows.filter(carriesExternalId).length;
  if (withId === 0 || withId === allows.length) return [];
  return [
    "Some Allow statements test cloudtrail:ExternalId and others do not: " +
      "while any does, every call must bring an external id that one of them accepts.",
  ];
}
