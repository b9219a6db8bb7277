import type { Role } from "../catalog/control-catalog.ts";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";
import { findRole } from "./find-role.ts";

/** Changes a role: its policies, its trust policy, or until when its sessions are revoked. Throws `ROLE_NOT_FOUND` and what `change` throws. */
export function changeRole(
  view: ControlView,
  name: { readonly accountId: string; readonly name: string },
  change: (role: Role) => Partial<Pick<Role, "policies" | "trustPolicy" | "sessionsRevokedAt">>,
): Decided<Role> {
  const before = findRole(view, name);
  const role: Role = { ...before, ...change(before) };
  return { changes: [{ kind: "putRole", role }], output: role };
}

/** Deletes a role. Its sessions end at once. Throws `ROLE_NOT_FOUND`. */
export function deleteRole(
  view: ControlView,
  name: { readonly accountId: string; readonly name: string },
): Decided<Role> {
  const role = findRole(view, name);
  return { changes: [{ kind: "deleteRole", arn: role.arn }], output: role };
}
