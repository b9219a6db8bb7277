import type { Caller } from "./caller.ts";
import { type Condition, conditionsHold } from "./condition.ts";
import { type Match, type Principal, principalMatch } from "./principal.ts";
import type { RequestContext } from "./request-context.ts";

/** What a statement of any resource policy consists of once its action is known to be the call's. */
export interface GrantStatement {
  readonly effect: "Allow" | "Deny";
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

/** How the statements of one effect name the caller, those counted whose conditions hold. */
export function grantedBy(
  statements: readonly GrantStatement[],
  effect: "Allow" | "Deny",
  caller: Caller,
  context: RequestContext,
): Match {
  let best: Match;
  for (const statement of statements) {
    if (statement.effect !== effect) continue;
    const match = principalMatch(statement.principals, caller);
    if (match === undefined || (match === "account" && best === "account")) continue;
    if (!conditionsHold(statement.conditions, context)) continue;
    if (match === "directly") return match;
    best = match;
  }
  return best;
}
