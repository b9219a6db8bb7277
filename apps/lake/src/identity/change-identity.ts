import type { Identity } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { findIdentity } from "./find-identity.ts";

/** Changes a user: its policies, or whether it is enabled. Throws `IDENTITY_NOT_FOUND` and what `change` throws. */
export function changeIdentity(
  view: ControlView,
  user: { readonly accountId: string; readonly name: string },
  change: (identity: Identity) => Partial<Pick<Identity, "enabled" | "policies">>,
): Decided<Identity> {
  const before = findIdentity(view, user);
  const identity: Identity = { ...before, ...change(before) };
  return { changes: [{ kind: "putIdentity", identity }], output: identity };
}
