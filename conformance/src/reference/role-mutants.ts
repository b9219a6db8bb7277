import { type Decision, evaluatePutAuditEvents, parseChannelPolicy, type PutAuditEventsCall } from "@tributary/policy";
import { inPolicy, type Mutant } from "./mutant.ts";

const yes: Decision = { allowed: true };
const no: Decision = { allowed: false, by: "resource-policy", message: "refused" };
const decide = (change: (call: PutAuditEventsCall, usual: Decision) => Decision) => (call: PutAuditEventsCall) =>
  change(call, evaluatePutAuditEvents(call));
const isSession = ({ caller }: PutAuditEventsCall): boolean => caller.sessionOf !== undefined;
const isOwn = (call: PutAuditEventsCall): boolean =>
  isSession(call) && call.caller.accountId === call.channel.accountId;
const named = (call: PutAuditEventsCall, effect: "Allow" | "Deny", kind: string): boolean =>
  call.policy?.statements.some(
    (one) => one.effect === effect && one.principals.some((principal) => principal.kind === kind),
  ) === true;
/** Reads a policy in which principals are written otherwise. */
const rewritten = (from: RegExp, to: string) => (text: string, channelArn: string) =>
  parseChannelPolicy(text.replaceAll(from, to), channelArn);

/** Lakes that misjudge sessions of roles. */
export const roleMutants: readonly Mutant[] = [
  inPolicy(
    "forgets whose session a role's is",
    [
      "policy/role/named-by",
      "policy/role/denied-by",
      "policy/role/external-id",
      "policy/role/any-policy?",
      "policy/role/own-granted",
    ],
    { callerOf: ({ sessionOf: _role, ...caller }) => caller },
  ),
  inPolicy(
    "takes a session for its role",
    ["policy/role/session-named", "policy/role/denied-by", "policy/role/any-policy?", "policy/role/own-granted"],
    { callerOf: (caller) => ({ ...caller, arn: caller.sessionOf ?? caller.arn }) },
  ),
  inPolicy("takes a session for any of its role", ["policy/role/other-names", "policy/role/any-policy?"], {
    parse: rewritten(/arn:aws:sts::(\d+):assumed-role\/([^/"]+)\/[^"]+"/g, 'arn:aws:iam::$1:role/$2"'),
  }),
  inPolicy("takes a user for the role of its name", ["policy/role/other-names", "policy/role/any-policy?"], {
    parse: rewritten(/:user\//g, ":role/"),
  }),
  inPolicy("compares the beginning of a role's name", ["policy/role/other-names", "policy/role/any-policy?"], {
    parse: rewritten(/(:role\/[^"]+)2"/g, '$1"'),
  }),
  inPolicy("lets no session in by its account", ["policy/role/account-named", "policy/role/any-policy?"], {
    decide: decide((call, usual) => (isSession(call) && !named(call, "Allow", "arn") && usual.allowed ? no : usual)),
  }),
  inPolicy("overlooks a Deny of a role", ["policy/role/denied-by", "policy/role/any-policy?"], {
    decide: decide((call, usual) =>
      isSession(call) && named(call, "Deny", "arn") && !usual.allowed && usual.by === "explicit-deny" ? yes : usual,
    ),
  }),
  inPolicy("asks a role for no external id", ["policy/role/external-id", "policy/role/any-policy?"], {
    decide: decide((call, usual) => (isSession(call) && !usual.allowed && usual.by === "external-id" ? yes : usual)),
  }),
  inPolicy("lets any role of the owner in", ["policy/role/own-without", "policy/role/own-account"], {
    decide: decide((call, usual) => (isOwn(call) ? yes : usual)),
  }),
  inPolicy("lets a role of the owner in by its account", ["policy/role/own-account"], {
    decide: decide((call, usual) => (isOwn(call) && named(call, "Allow", "account") && mayBe(call) ? yes : usual)),
  }),
  inPolicy("wants a policy of its own of every role", ["policy/role/own-granted"], {
    decide: decide((call, usual) => (call.caller.identityPolicies.length === 0 ? no : usual)),
  }),
];

/** Whether a statement names the caller's account. */
function mayBe({ caller, policy }: PutAuditEventsCall): boolean {
  return JSON.stringify(policy?.statements ?? []).includes(caller.accountId);
}
