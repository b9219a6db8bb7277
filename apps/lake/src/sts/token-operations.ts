import { WireError } from "../http/wire-error.ts";
import { startSession } from "../identity/start-session.ts";
import { assumeRole } from "./assume-role.ts";
import { type TokenOperation, credentialsOutput, durationOf, refuseOthers } from "./token-call.ts";

/** Who calls. Every key and every session may ask. */
const getCallerIdentity: TokenOperation = (call) => {
  const { arn, accountId, principalId } = call.caller;
  return { UserId: principalId, Account: accountId, Arn: arn };
};

/** Credentials of the user itself that end. A session may not make another: throws AccessDeniedException 403. */
const getSessionToken: TokenOperation = (call) => {
  const { view, caller, env } = call;
  refuseOthers(call, ["DurationSeconds"]);
  const user = caller.temporary ? undefined : view.state.identities.get(caller.arn);
  if (!user)
    throw new WireError("AccessDeniedException", "Cannot call GetSessionToken with session credentials", {
      status: 403,
    });
  const duration = durationOf(call, { usual: 43_200, most: 129_600 });
  return {
    Credentials: credentialsOutput(startSession(view, { of: user, duration, startedBy: caller.startedBy }, env)),
  };
};

/** What the token service can do, by the name clients call it. */
export const tokenOperations: ReadonlyMap<string, TokenOperation> = new Map([
  ["AssumeRole", assumeRole],
  ["GetCallerIdentity", getCallerIdentity],
  ["GetSessionToken", getSessionToken],
]);
