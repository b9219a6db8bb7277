import { TributaryError } from "@tributary/schema";
import type { Role } from "../catalog/control-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import { identityArn } from "./create-identity.ts";

/** A role by account and name. Throws `ROLE_NOT_FOUND`, `ACCOUNT_ID_NOT_VALID`, `IDENTITY_NAME_NOT_VALID`. */
export function findRole(
  view: ControlView,
  { accountId, name }: { readonly accountId: string; readonly name: string },
): Role {
  const role = view.state.roles.get(identityArn(accountId, name, "role"));
  if (role) return role;
  throw new TributaryError(
    `There is no role ${name} in the account ${accountId}. "identity role list" shows those there are.`,
    { code: "ROLE_NOT_FOUND" },
  );
}
