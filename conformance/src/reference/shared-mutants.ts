import {
  type Decision,
  type EventDataStoreCall,
  type EventDataStoreStatement,
  evaluateEventDataStore,
  eventDataStoreActions,
  parseEventDataStorePolicy,
} from "@tributary/policy";
import { inControl, inPolicy, type Mutant } from "./mutant.ts";
import { inQuery } from "./query-mutant.ts";

const yes: Decision = { allowed: true };
const no: Decision = { allowed: false, by: "resource-policy", message: "refused" };
const isStranger = ({ caller, store }: EventDataStoreCall): boolean => caller.accountId !== store.accountId;
const isOwnRole = (call: EventDataStoreCall): boolean => !isStranger(call) && call.caller.sessionOf !== undefined;

/** A defect in what a store's policy decides. */
const decides = (
  name: string,
  kills: readonly string[],
  change: (call: EventDataStoreCall, usual: Decision) => Decision,
): Mutant => inPolicy(name, kills, { decideStore: (call) => change(call, evaluateEventDataStore(call)) });

/** A defect in which statements of a store's policy are looked at. */
const reads = (
  name: string,
  kills: readonly string[],
  change: (statements: readonly EventDataStoreStatement[]) => readonly EventDataStoreStatement[],
): Mutant =>
  inPolicy(name, kills, {
    decideStore: (call) => {
      const { policy } = call;
      if (policy === undefined) return evaluateEventDataStore(call);
      return evaluateEventDataStore({ ...call, policy: { ...policy, statements: change(policy.statements) } });
    },
  });

const allows = (statements: readonly EventDataStoreStatement[]) =>
  statements.filter(({ effect }) => effect === "Allow");

/** Lakes that share a store otherwise than its policy says. */
export const sharedMutants: readonly Mutant[] = [
  inQuery(
    "lets every account query every store",
    [
      "query/statement/store-of-another",
      "query/statement/existence",
      "query/shared/account-not-named",
      "query/shared/each-action",
      "query/shared/deny-beats",
      "query/shared/owner-denied",
      "query/shared/withdrawn",
      "query/shared/named-by",
      "query/shared/own-role-granted",
      "query/shared/own-account",
    ],
    {
      mayQuery: () => true,
    },
  ),
  inQuery("tells a stranger that a store is there", ["query/statement/existence"], { strangerFinds: "store/inactive" }),
  inQuery(
    "lets every account see every query",
    [
      "query/describe/query-of-another",
      "query/shared/each-action",
      "query/shared/withdrawn",
      "query/shared/queries-of-the-owner",
    ],
    { maySee: () => true },
  ),
  decides(
    "shares no store",
    [
      "query/shared/named-account",
      "query/shared/owner-is-told",
      "query/shared/owner-may-be",
      "query/shared/other-owner",
      "query/shared/each-action",
      "query/shared/withdrawn",
      "query/shared/lists-its",
      "query/shared/queries-of-the-owner",
      "query/shared/store-is-described",
      "query/shared/named-by",
    ],
    (call, usual) => (isStranger(call) ? no : usual),
  ),
  decides(
    "shares a store with every account once it has a policy",
    ["query/shared/account-not-named", "query/shared/named-by"],
    (call, usual) =>
      isStranger(call) && call.policy?.statements.some(({ actions }) => actions.includes(call.action)) === true
        ? usual.allowed || usual.by === "resource-policy"
          ? yes
          : usual
        : usual,
  ),
  reads("shares all queries where one is shared", ["query/shared/each-action"], (statements) =>
    statements.map((one) => (one.effect === "Allow" ? { ...one, actions: eventDataStoreActions } : one)),
  ),
  reads("lets Allow beat Deny in a store's policy", ["query/shared/deny-beats"], (statements) =>
    allows(statements).length > 0 ? allows(statements) : statements,
  ),
  decides("lets no store's policy deny the owner", ["query/shared/owner-denied"], (call, usual) =>
    isStranger(call) || call.caller.sessionOf !== undefined || usual.allowed ? usual : yes,
  ),
  inQuery("tells of queries whose store is shared no more", ["query/shared/withdrawn", "query/shared/each-action"], {
    maySee: (isOwn) => isOwn,
  }),
  inQuery("tells of whose a query is what is the caller's", ["query/shared/owner-is-told"], {
    ownerTold: (_owner, caller) => caller,
  }),
  inQuery("does not tell whose a query is that is cancelled", ["query/shared/owner-is-told"], {
    ownerTold: (owner, _caller, operation) => (operation === "CancelQuery" ? undefined : owner),
  }),
  inQuery("takes no owner by its name", ["query/shared/owner-may-be"], { isOwner: () => false }),
  inQuery("overlooks whom a query names as the owner", ["query/shared/other-owner"], { isOwner: () => true }),
  decides(
    "lists no queries of a shared store",
    ["query/shared/lists-its", "query/shared/queries-of-the-owner"],
    (call, usual) => (isStranger(call) && call.action === "cloudtrail:ListQueries" ? no : usual),
  ),
  inQuery("lists the queries of every account", ["query/shared/queries-of-the-owner"], { listsOf: () => true }),
  inControl("describes no shared store", ["query/shared/store-is-described"], { describesShared: false }),
  inControl(
    "lets another account change a store that it may query",
    ["query/shared/nothing-else", "query/shared/account-not-named", "query/shared/each-action"],
    { isOwn: () => true },
  ),
  // Roles.
  inPolicy(
    "forgets whose session a role's is that queries",
    ["query/shared/named-by", "query/shared/own-role-granted"],
    { callerOf: ({ sessionOf: _role, ...caller }) => caller },
  ),
  inPolicy("lets any session of a role query that the policy names one of", ["query/shared/named-by"], {
    parseStore: (text, arn) =>
      parseEventDataStorePolicy(
        text.replaceAll(/arn:aws:sts::(\d+):assumed-role\/([^/"]+)\/[^"]+"/g, 'arn:aws:iam::$1:role/$2"'),
        arn,
      ),
  }),
  decides(
    "lets any role of the owner query",
    ["query/shared/own-role-granted", "query/shared/own-account"],
    (call, usual) => (isOwnRole(call) ? yes : usual),
  ),
  decides("lets a role of the owner query by its account", ["query/shared/own-account"], (call, usual) =>
    isOwnRole(call) && call.policy !== undefined ? yes : usual,
  ),
  decides("wants a policy of its own of every role that queries", ["query/shared/own-role-granted"], (call, usual) =>
    call.caller.identityPolicies.length === 0 ? no : usual,
  ),
];
