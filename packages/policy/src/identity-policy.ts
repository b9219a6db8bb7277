import type { Caller } from "./caller.ts";
import { type Condition, conditionsHold, readConditions } from "./condition.ts";
import { identityKeys } from "./condition-key.ts";
import {
  type Members,
  own,
  policyReader,
  quote,
  readDocument,
  readEffect,
  readSid,
  type Reader,
} from "./policy-document.ts";
import type { RequestContext } from "./request-context.ts";
import { wildcardMatches } from "./wildcard.ts";

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Patterns {
  /** True for the `Not…` form, which matches what no pattern matches. */
  readonly not: boolean;
  readonly patterns: readonly string[];
}

/** A statement of an identity policy. */
export interface IdentityStatement {
  readonly sid?: string;
  readonly effect: "Allow" | "Deny";
  /** Lower case: action names are compared without case. */
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

/** An identity policy, read and found valid. */
export interface IdentityPolicy {
  readonly statements: readonly IdentityStatement[];
}

const maxCharacters = 10_240;
const members = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];

/**
 * Parses and validates an identity policy: Allow and Deny over the actions of `cloudtrail:`, `cloudtrail-data:` and `sts:`.
 * At most 10,240 characters, as IAM's largest. Throws {@link PolicyInvalid} with code `IDENTITY_POLICY_NOT_VALID`.
 */
export function parseIdentityPolicy(text: string): IdentityPolicy {
  const reader = policyReader("IDENTITY_POLICY_NOT_VALID");
  const document = readDocument(reader, text, { maxCharacters, maxStatements: maxCharacters, versionRequired: false });
  const variables = document.version === "2012-10-17";
  const sids = new Set<string>();
  const statements = document.statements.map(({ path, value }): IdentityStatement => {
    const statement = reader.object(value, path, members);
    const sid = readSid(reader, statement, path, sids);
    return {
      ...(sid === undefined ? {} : { sid }),
      effect: readEffect(reader, statement, path),
      actions: readPatterns(reader, statement, path, "Action", (pattern) => readAction(reader, pattern, path)),
      resources: readPatterns(reader, statement, path, "Resource", (pattern) =>
        readResource(reader, pattern, path, variables),
      ),
      conditions: readConditions(reader, own(statement, "Condition"), `${path}.Condition`, {
        keys: identityKeys,
        variables,
      }),
    };
  });
  return Object.freeze({ statements });
}

/** Allows every action on every resource: what the first identity of an account gets. */
export const administratorPolicy: IdentityPolicy = parseIdentityPolicy(
  JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } }),
);

/** What policies say of an action on a resource. */
export type Verdict = "allow" | "deny" | "none";

/**
 * What a caller's identity policies say of an action on a resource. The root user needs none, yet a Deny binds it. A session
 * is allowed what both its role's policies and its session policy allow.
 */
export function identityVerdict(caller: Caller, action: string, resource: string, context: RequestContext): Verdict {
  const usual = verdictOf(caller.identityPolicies, caller.root === true, action, resource, context);
  if (usual === "deny") return "deny";
  const session = sessionVerdict(caller, action, resource, context);
  return session === "allow" ? usual : session;
}

/** What a caller's session policy says; without one, `allow`. */
export function sessionVerdict(caller: Caller, action: string, resource: string, context: RequestContext): Verdict {
  return caller.sessionPolicy ? verdictOf([caller.sessionPolicy], false, action, resource, context) : "allow";
}

function verdictOf(
  policies: readonly IdentityPolicy[],
  root: boolean,
  action: string,
  resource: string,
  context: RequestContext,
): Verdict {
  const name = action.toLowerCase();
  let verdict: "allow" | "none" = root ? "allow" : "none";
  for (const { statements } of policies)
    for (const statement of statements) {
      if (statement.effect === "Allow" && verdict === "allow") continue;
      if (!matches(statement.actions, name) || !matches(statement.resources, resource)) continue;
      if (!conditionsHold(statement.conditions, context)) continue;
      if (statement.effect === "Deny") return "deny";
      verdict = "allow";
    }
  return verdict;
}

function matches({ not, patterns }: Patterns, text: string): boolean {
  return patterns.some((pattern) => wildcardMatches(pattern, text)) !== not;
}

function readPatterns(
  reader: Reader,
  statement: Members,
  path: string,
  name: "Action" | "Resource",
  read: (text: string) => string,
): Patterns {
  const positive = own(statement, name);
  const negative = own(statement, `Not${name}`);
  if ((positive === undefined) === (negative === undefined))
    return reader.fail(path, `must have either ${name} or Not${name}.`);
  const not = positive === undefined;
  const texts = reader.strings(not ? negative : positive, `${path}.${not ? `Not${name}` : name}`);
  return { not, patterns: texts.map(read) };
}

function readAction(reader: Reader, text: string, path: string): string {
  if (text === "*" || /^(?:cloudtrail(?:-data)?|sts):[A-Za-z*?]{1,128}$/i.test(text)) return text.toLowerCase();
  return reader.fail(
    path,
    `${quote(text)} is not an action here: use "*", cloudtrail:NAME, cloudtrail-data:NAME or sts:AssumeRole.`,
  );
}

function readResource(reader: Reader, text: string, path: string, variables: boolean): string {
  if (variables && text.includes("${")) return reader.fail(path, "policy variables (${…}) are not supported.");
  if (text === "*" || (text.startsWith("arn:") && text.length <= 2048)) return text;
  return reader.fail(path, `${quote(text)} is not a resource: use "*" or an ARN, in which * and ? may stand.`);
}
