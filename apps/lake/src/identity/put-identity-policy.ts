import { parseIdentityPolicy } from "@tributary/policy";
import type { Identity } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { findIdentity } from "./find-identity.ts";

/** Gives an identity a policy, in place of the one it had. Throws `IDENTITY_NOT_FOUND`, `IDENTITY_POLICY_NOT_VALID`. */
export function putIdentityPolicy(
  view: ControlView,
  input: { readonly accountId: string; readonly name: string; readonly policy: string },
): Decided<Identity> {
  const before = findIdentity(view, input);
  parseIdentityPolicy(input.policy);
  const identity: Identity = { ...before, policy: input.policy };
  return { changes: [{ kind: "putIdentity", identity }], output: identity };
}
