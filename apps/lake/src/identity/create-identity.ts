import { TributaryError } from "@tributary/schema";
import type { Identity } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { defaultPolicyName, withPolicy } from "./named-policies.ts";
import { type KeyEnvironment, type NewAccessKey, newAccessKey } from "./new-access-key.ts";
import { randomId } from "./random-id.ts";

export interface CreateIdentityInput {
  /** 12 digits. */
  readonly accountId: string;
  /** 1 to 64 of `A-Za-z0-9+=,.@_-`. */
  readonly name: string;
  /** Identity policy, JSON text. */
  readonly policy?: string | undefined;
  /** Makes a later identity of the account an administrator too. */
  readonly administrator?: boolean | undefined;
}

export interface CreatedIdentity extends NewAccessKey {
  readonly identity: Identity;
}

/**
 * Makes a user and its access key. The first one of an account is its administrator; a later one may do nothing until
 * given a policy. Throws `ACCOUNT_ID_NOT_VALID`, `IDENTITY_NAME_NOT_VALID`, `IDENTITY_EXISTS`, `IDENTITY_POLICY_NOT_VALID`.
 */
export function createIdentity(
  view: ControlView,
  input: CreateIdentityInput,
  env: KeyEnvironment,
): Decided<CreatedIdentity> {
  const { accountId, name, policy } = input;
  const arn = identityArn(accountId, name);
  if (view.state.identities.has(arn))
    throw new TributaryError(`There is already an identity ${name} in the account ${accountId}. Choose another name.`, {
      code: "IDENTITY_EXISTS",
    });
  const first = ![...view.state.identities.values()].some((other) => other.accountId === accountId);
  const identity: Identity = {
    arn,
    accountId,
    name,
    userId: randomId("AIDA", env.randomBytes),
    administrator: first || input.administrator === true,
    enabled: true,
    policies: policy === undefined ? {} : withPolicy({}, defaultPolicyName, policy),
    createdAt: env.now,
  };
  const { accessKey, secretAccessKey } = newAccessKey(view, arn, env);
  return {
    changes: [
      { kind: "putIdentity", identity },
      { kind: "putAccessKey", accessKey },
    ],
    output: { identity, accessKey, secretAccessKey },
  };
}

/** `arn:aws:iam::ACCOUNT:user/NAME` or of a role. Throws `ACCOUNT_ID_NOT_VALID`, `IDENTITY_NAME_NOT_VALID`. */
export function identityArn(accountId: string, name: string, kind: "user" | "role" = "user"): string {
  if (!/^\d{12}$/.test(accountId))
    throw new TributaryError(
      `${JSON.stringify(accountId)} is not an account id: it has 12 digits, such as 111122223333.`,
      { code: "ACCOUNT_ID_NOT_VALID" },
    );
  if (!/^[\w+=,.@-]{1,64}$/.test(name))
    throw new TributaryError("The name of a user or a role has 1 to 64 of A-Z a-z 0-9 + = , . @ _ -", {
      code: "IDENTITY_NAME_NOT_VALID",
    });
  return `arn:aws:iam::${accountId}:${kind}/${name}`;
}
