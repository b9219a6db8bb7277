import { parseIdentityPolicy } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import type { NamedPolicies } from "../catalog/control-catalog.ts";

/** What `--policy` is put under without `--policy-name`. */
export const defaultPolicyName = "default";
const maxPolicies = 10;

/**
 * The policies with one put under a name, in place of the one it had. Throws `IDENTITY_POLICY_NOT_VALID`,
 * `POLICY_NAME_NOT_VALID`, `POLICY_LIMIT`.
 */
export function withPolicy(policies: NamedPolicies, name: string, text: string): NamedPolicies {
  if (!/^[\w+=,.@-]{1,128}$/.test(name))
    throw new TributaryError("The name of a policy has 1 to 128 of A-Z a-z 0-9 + = , . @ _ -", {
      code: "POLICY_NAME_NOT_VALID",
    });
  parseIdentityPolicy(text);
  const changed = new Map(Object.entries(policies)).set(name, text);
  if (changed.size > maxPolicies)
    throw new TributaryError(
      `There are ${maxPolicies} policies, which is the most: ${Object.keys(policies).join(", ")}. Put it in the place of one, or delete one.`,
      { code: "POLICY_LIMIT" },
    );
  return Object.fromEntries(changed);
}

/** The policies without the one of that name. Throws `POLICY_NOT_FOUND`. */
export function withoutPolicy(policies: NamedPolicies, name: string): NamedPolicies {
  if (!Object.hasOwn(policies, name))
    throw new TributaryError(
      `There is no policy ${JSON.stringify(name.slice(0, 128))}. "policy list" shows those there are.`,
      {
        code: "POLICY_NOT_FOUND",
      },
    );
  return Object.fromEntries(Object.entries(policies).filter(([other]) => other !== name));
}
