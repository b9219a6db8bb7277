import { parseTrustPolicy } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import type { NamedPolicies, Role } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { identityArn } from "./create-identity.ts";
import { defaultPolicyName, withPolicy } from "./named-policies.ts";
import type { KeyEnvironment } from "./new-access-key.ts";
import { randomId } from "./random-id.ts";

export interface CreateRoleInput {
  /** 12 digits. */
  readonly accountId: string;
  /** 1 to 64 of `A-Za-z0-9+=,.@_-`. */
  readonly name: string;
  /** JSON text. */
  readonly trustPolicy: string;
  /** Identity policy, JSON text. */
  readonly policy?: string | undefined;
  /** Seconds, 3600 to 43200. Default 3600. */
  readonly maxSessionDuration?: number | undefined;
}

/**
 * Makes a role, which may do nothing until it has a policy. Throws `ROLE_EXISTS`, `TRUST_POLICY_NOT_VALID`,
 * `SESSION_DURATION_NOT_VALID`, `IDENTITY_POLICY_NOT_VALID`, `ACCOUNT_ID_NOT_VALID`, `IDENTITY_NAME_NOT_VALID`.
 */
export function createRole(
  view: ControlView,
  input: CreateRoleInput,
  env: Pick<KeyEnvironment, "now" | "randomBytes">,
): Decided<Role> {
  const { accountId, name, trustPolicy, policy, maxSessionDuration = 3600 } = input;
  const arn = identityArn(accountId, name, "role");
  if (view.state.roles.has(arn))
    throw new TributaryError(`There is already a role ${name} in the account ${accountId}. Choose another name.`, {
      code: "ROLE_EXISTS",
    });
  parseTrustPolicy(trustPolicy);
  if (!Number.isInteger(maxSessionDuration) || maxSessionDuration < 3600 || maxSessionDuration > 43_200)
    throw new TributaryError("The longest session of a role is 3600 to 43200 seconds.", {
      code: "SESSION_DURATION_NOT_VALID",
    });
  const policies: NamedPolicies = policy === undefined ? {} : withPolicy({}, defaultPolicyName, policy);
  const roleId = randomId("AROA", env.randomBytes);
  const role: Role = { arn, accountId, name, roleId, trustPolicy, policies, maxSessionDuration, createdAt: env.now };
  return { changes: [{ kind: "putRole", role }], output: role };
}
