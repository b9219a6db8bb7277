import { TributaryError } from "@tributary/schema";

/** What a document was parsed as. */
export type PolicyInvalidCode = "RESOURCE_POLICY_NOT_VALID" | "IDENTITY_POLICY_NOT_VALID" | "TRUST_POLICY_NOT_VALID";

/**
 * Thrown when a policy document breaks a rule. The message names the statement (counted from 0) and the rule.
 * On the wire a resource policy's is `ResourcePolicyNotValidException` (spec 3.1). Not retryable.
 */
export class PolicyInvalid extends TributaryError {
  /** The place in the document, for instance `Statement[0].Principal`; empty for the whole document. */
  readonly path: string;
  /** The rule alone, without the place. */
  readonly rule: string;

  constructor(code: PolicyInvalidCode, path: string, rule: string) {
    super(path === "" ? rule : `${path}: ${rule}`, { code });
    this.path = path;
    this.rule = rule;
  }
}
