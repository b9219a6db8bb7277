import { TributaryError } from "@tributary/schema";
import type { Decided } from "../control/change-control.ts";
import type { ControlView } from "../control/control-view.ts";

/**
 * Disables or enables an account. Of a disabled one every key is answered as an unknown one, and its channels refuse every
 * event with AccountNotSubscribed; nothing of it is deleted. Throws `ACCOUNT_NOT_FOUND`. Spec 1.7, step 9.
 */
export function changeAccount(view: ControlView, accountId: string, to: "disabled" | "enabled"): Decided<void> {
  const { identities, roles, channels, stores } = view.state;
  const known = [identities, roles, channels, stores].some((resources) =>
    [...resources.values()].some((resource) => resource.accountId === accountId),
  );
  if (!known)
    throw new TributaryError(`The lake has no account ${JSON.stringify(accountId)}. "identity list" shows its users.`, {
      code: "ACCOUNT_NOT_FOUND",
    });
  return { changes: [{ kind: to === "disabled" ? "disableAccount" : "enableAccount", accountId }], output: undefined };
}
