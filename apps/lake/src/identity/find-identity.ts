import { TributaryError } from "@tributary/schema";
import type { Identity } from "../catalog/control-catalog.ts";
import type { ControlView } from "../control/control-view.ts";
import { identityArn } from "./create-identity.ts";

/** A user by account and name. Throws `IDENTITY_NOT_FOUND`, `ACCOUNT_ID_NOT_VALID`, `IDENTITY_NAME_NOT_VALID`. */
export function findIdentity(
  view: ControlView,
  { accountId, name }: { readonly accountId: string; readonly name: string },
): Identity {
  const identity = view.state.identities.get(identityArn(accountId, name));
  if (identity) return identity;
  throw new TributaryError(
    `There is no identity ${name} in the account ${accountId}. "identity list" shows those there are.`,
    { code: "IDENTITY_NOT_FOUND" },
  );
}
