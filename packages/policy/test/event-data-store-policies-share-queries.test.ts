import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  administratorPolicy,
  type Caller,
  type Decision,
  evaluateEventDataStore,
  evaluateIdentity,
  eventDataStoreActions,
  type EventDataStorePolicy,
  parseEventDataStorePolicy,
  requestContext,
  type RequestFacts,
  type Tags,
} from "../src/index.ts";
import { identityPolicy, outcome, owner, partner, rootOf, session, stranger, user } from "./scene.ts";

const storeArn = `arn:aws:cloudtrail:us-east-1:${owner}:eventdatastore/0c1d2e3f-0000-4000-8000-000000000002`;
const start = "cloudtrail:StartQuery";

type Json = Readonly<Record<string, unknown>>;

function statement(parts: Json = {}): Json {
  return { Effect: "Allow", Principal: { AWS: partner }, Action: start, Resource: storeArn, ...parts };
}

function storePolicy(...statements: readonly Json[]): EventDataStorePolicy {
  return parseEventDataStorePolicy(JSON.stringify({ Version: "2012-10-17", Statement: statements }), storeArn);
}

function decide(
  caller: Caller,
  policy: EventDataStorePolicy | undefined,
  { action = start, tags = {}, ...facts }: RequestFacts & { readonly action?: string; readonly tags?: Tags } = {},
): Decision {
  const store = { arn: storeArn, accountId: owner, tags };
  return evaluateEventDataStore({ caller, action, store, policy, context: requestContext(facts) });
}

const principal = fc.constantFrom(
  owner,
  partner,
  stranger,
  ...[owner, partner].flatMap((id) => [
    `arn:aws:iam::${id}:root`,
    `arn:aws:iam::${id}:user/alice`,
    `arn:aws:iam::${id}:user/bob`,
    `arn:aws:iam::${id}:role/ingest/shipper`,
    `arn:aws:sts::${id}:assumed-role/shipper/now`,
  ]),
);
const condition = fc.constantFrom(
  {},
  { StringEquals: { "aws:PrincipalAccount": partner } },
  { StringNotEquals: { "aws:ResourceTag/env": "prod" } },
  { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
);
const actions = fc.subarray([...eventDataStoreActions], { minLength: 1, maxLength: 3 });
const effect = fc.constantFrom("Allow", "Deny");
const storeStatement = (effects: fc.Arbitrary<string>) =>
  fc
    .record({
      Effect: effects,
      AWS: fc.array(principal, { minLength: 1, maxLength: 3 }),
      Action: fc.oneof(actions, fc.constant([...eventDataStoreActions])),
      Condition: condition,
    })
    .map(({ AWS, ...rest }) => statement({ ...rest, Principal: { AWS } }));
const identityStatement = (effects: fc.Arbitrary<string>) =>
  fc.record({
    Effect: effects,
    Action: fc.constantFrom("*", start, "cloudtrail:*Quer*", "cloudtrail:Get*", "cloudtrail-data:*"),
    Resource: fc.constantFrom(
      "*",
      storeArn,
      "arn:aws:cloudtrail:*:*:eventdatastore/*",
      "arn:aws:cloudtrail:eu-west-1:*:*",
    ),
    Condition: condition,
  });
const caller = fc
  .record({
    kind: fc.constantFrom(user, session, rootOf),
    account: fc.constantFrom(owner, partner, stranger),
    statements: fc.array(identityStatement(effect), { maxLength: 3 }),
  })
  .map(({ kind, account, statements }) => kind(account, statements.length > 0 ? [identityPolicy(...statements)] : []));
const request = fc.record({
  action: fc.constantFrom(...eventDataStoreActions, "cloudtrail:UpdateEventDataStore"),
  sourceIp: fc.constantFrom("192.0.2.9", "198.51.100.1"),
  tags: fc.constantFrom({}, { env: "prod" }, { env: "test" }),
});
const policies = fc.array(storeStatement(effect), { minLength: 1, maxLength: 4 });

test("a Deny added to the store's policy never allows more, an Allow never denies more", () => {
  let denied = 0;
  let allowed = 0;
  fc.assert(
    fc.property(caller, request, policies, storeStatement(effect), (who, what, list, added) => {
      const before = decide(who, storePolicy(...list), what).allowed;
      const after = decide(who, storePolicy(...list, added), what).allowed;
      const denies = added["Effect"] === "Deny";
      if (denies && before && !after) denied++;
      if (!denies && !before && after) allowed++;
      expect(denies ? after && !before : before && !after).toBe(false);
    }),
    { numRuns: 4000 },
  );
  expect(Math.min(denied, allowed)).toBeGreaterThan(10);
});

test("a Deny added to an identity policy never allows more", () => {
  fc.assert(
    fc.property(caller, request, policies, identityStatement(fc.constant("Deny")), (who, what, list, deny) => {
      const before = decide(who, storePolicy(...list), what).allowed;
      const denied = { ...who, identityPolicies: [...who.identityPolicies, identityPolicy(deny)] };
      expect(decide(denied, storePolicy(...list), what).allowed && !before).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("another account is allowed exactly when the store's policy would allow its administrator and its own policies allow", () => {
  const counts = { both: 0, one: 0, none: 0 };
  const foreign = caller.filter(({ accountId }) => accountId !== owner);
  fc.assert(
    fc.property(foreign, request, policies, (who, what, list) => {
      const policy = storePolicy(...list);
      const resource = decide({ ...who, identityPolicies: [administratorPolicy] }, policy, what).allowed;
      const context = requestContext({ ...what, resourceTags: what.tags });
      const identity = evaluateIdentity({ caller: who, action: what.action, resource: storeArn, context }).allowed;
      counts[resource && identity ? "both" : resource || identity ? "one" : "none"]++;
      expect(decide(who, policy, what).allowed).toBe(resource && identity);
    }),
    { numRuns: 4000 },
  );
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
});

test("without a policy, and for actions that no store's policy may name, the owner's identity policies decide alone", () => {
  fc.assert(
    fc.property(caller, request, fc.option(policies, { nil: undefined }), (who, what, list) => {
      const action = list === undefined ? what.action : "cloudtrail:UpdateEventDataStore";
      const context = requestContext({ ...what, resourceTags: what.tags });
      const identity = evaluateIdentity({ caller: who, action, resource: storeArn, context }).allowed;
      const policy = list && storePolicy(...list);
      expect(decide(who, policy, { ...what, action }).allowed).toBe(identity && who.accountId === owner);
    }),
    { numRuns: 2000 },
  );
});

test("to another account a store that refuses and one that is not there answer alike", () => {
  fc.assert(
    fc.property(caller, request, policies, (who, what, list) => {
      fc.pre(who.accountId !== owner);
      const allows = list.map((each) => ({ ...each, Principal: { AWS: owner } }));
      const absent = decide(who, undefined, { ...what, tags: {} });
      expect(decide(who, storePolicy(...allows), what)).toEqual(absent);
    }),
    { numRuns: 2000 },
  );
});

describe("a store's policy", () => {
  test("grants the actions it names and no other", () => {
    const policy = storePolicy(statement({ Action: [start, "cloudtrail:GetQueryResults"] }));
    const allowed = eventDataStoreActions.filter((action) => decide(user(partner), policy, { action }).allowed);
    expect(allowed).toEqual([start, "cloudtrail:GetQueryResults"]);
    expect(outcome(decide(user(stranger), policy))).toBe("resource-policy");
    expect(outcome(decide(user(partner, []), policy))).toBe("identity-policy");
  });
  test("that names a user of the owner's account allows by itself; that names the account delegates", () => {
    expect(outcome(decide(user(owner, []), storePolicy(statement({ Principal: { AWS: user(owner).arn } }))))).toBe(
      "allowed",
    );
    expect(outcome(decide(user(owner, []), storePolicy(statement({ Principal: { AWS: owner } }))))).toBe(
      "identity-policy",
    );
  });
  test("denies the owner's administrator too", () => {
    const policy = storePolicy(statement({ Effect: "Deny", Principal: { AWS: owner } }));
    for (const who of [user(owner), session(owner), rootOf(owner)])
      expect(outcome(decide(who, policy))).toBe("explicit-deny");
    expect(outcome(decide(user(owner), policy, { action: "cloudtrail:ListQueries" }))).toBe("allowed");
  });
  test("for the service principal names no caller", () => {
    const policy = storePolicy(statement({ Principal: { Service: "cloudtrail.amazonaws.com" } }));
    expect(outcome(decide(user(partner), policy))).toBe("resource-policy");
  });
  test("is never applied to another store", () => {
    const store = { arn: `${storeArn}2`, accountId: owner, tags: {} };
    const call = { caller: user(partner), action: start, store, policy: storePolicy(statement()), context: new Map() };
    expect(() => evaluateEventDataStore(call)).toThrow(expect.objectContaining({ code: "POLICY_MISMATCH" }));
  });
});
