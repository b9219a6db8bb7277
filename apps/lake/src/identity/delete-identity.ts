import type { Identity } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { findIdentity } from "./find-identity.ts";

/** Deletes a user, its policy and its access keys. What its account holds stays. Throws `IDENTITY_NOT_FOUND`. */
export function deleteIdentity(
  view: ControlView,
  input: { readonly accountId: string; readonly name: string },
): Decided<Identity> {
  const identity = findIdentity(view, input);
  return { changes: [{ kind: "deleteIdentity", arn: identity.arn }], output: identity };
}
