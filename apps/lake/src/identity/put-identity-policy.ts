import { parseIdentityPolicy } from "@tributary/policy";
import { TributaryError } from "@tributary/schema";
import type { Identity } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { identityArn } from "./create-identity.ts";

/** Gives an identity a policy, in place of the one it had. Throws `IDENTITY_NOT_FOUND`, `IDENTITY_POLICY_NOT_VALID`. */
export function putIdentityPolicy(
  view: ControlView,
  input: { readonly accountId: string; readonly name: string; readonly policy: string },
): Decided<Identity> {
  const before = view.state.identities.get(identityArn(input.accountId, input.name));
  if (!before)
    throw new TributaryError(
      `There is no identity ${input.name} in the account ${input.accountId}. "identity list" shows those there are.`,
      { code: "IDENTITY_NOT_FOUND" },
    );
  parseIdentityPolicy(input.policy);
  const identity: Identity = { ...before, policy: input.policy };
  return { changes: [{ kind: "putIdentity", identity }], output: identity };
}
