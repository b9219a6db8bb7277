import { limits } from "@tributary/schema";
import { type Condition, readConditions } from "./condition.ts";
import { trustKeys } from "./condition-key.ts";
import { own, policyReader, quote, readDocument, readEffect, readSid } from "./policy-document.ts";
import { type Principal, readPrincipals } from "./principal.ts";

/** A statement of a trust policy; its action is always `sts:AssumeRole`. */
export interface TrustStatement {
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

/** Who may assume a role, read and found valid. */
export interface TrustPolicy {
  readonly statements: readonly TrustStatement[];
}

/**
 * Parses and validates a role's trust policy: accounts, users, roles and sessions that may call `sts:AssumeRole` on it. It
 * has no `Resource`: the role is what it is about. Limits are those of a resource policy.
 * Throws {@link PolicyInvalid} with code `TRUST_POLICY_NOT_VALID`.
 */
export function parseTrustPolicy(text: string): TrustPolicy {
  const reader = policyReader("TRUST_POLICY_NOT_VALID");
  const document = readDocument(reader, text, {
    maxCharacters: limits.policy.characters,
    maxStatements: limits.policy.statements,
    versionRequired: true,
  });
  const sids = new Set<string>();
  const statements = document.statements.map(({ path, value }): TrustStatement => {
    const statement = reader.object(value, path, ["Sid", "Effect", "Principal", "Action", "Condition"]);
    readSid(reader, statement, path, sids);
    const action = own(statement, "Action");
    if (action === undefined) reader.fail(`${path}.Action`, "is missing.");
    const foreign = reader.strings(action, `${path}.Action`).find((name) => name.toLowerCase() !== "sts:assumerole");
    if (foreign !== undefined) reader.fail(`${path}.Action`, `${quote(foreign)} is not sts:AssumeRole.`);
    return {
      effect: readEffect(reader, statement, path),
      principals: readPrincipals(reader, own(statement, "Principal"), `${path}.Principal`, {
        partition: "aws",
        maxPrincipals: limits.policy.principals,
        services: [],
        allowAny: false,
      }),
      conditions: readConditions(reader, own(statement, "Condition"), `${path}.Condition`, {
        keys: trustKeys,
        variables: document.version === "2012-10-17",
      }),
    };
  });
  return Object.freeze({ statements });
}
