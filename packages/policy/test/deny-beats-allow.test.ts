import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { administratorPolicy, evaluateIdentity, requestContext } from "../src/index.ts";
import {
  channelArn,
  channelPolicy,
  decide,
  externalId,
  identityPolicy,
  outcome,
  owner,
  partner,
  put,
  rootOf,
  session,
  statement,
  stranger,
  user,
} from "./scene.ts";

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
  { Bool: { "aws:SecureTransport": "true" } },
);
const idCondition = fc.constantFrom(
  externalId("id-1").Condition,
  externalId(["id-1", "id-2"]).Condition,
  { StringNotEquals: { "cloudtrail:ExternalId": "id-1" } },
  { Null: { "cloudtrail:ExternalId": "true" } },
);
const resourceStatement = (conditions: fc.Arbitrary<object>, effect: fc.Arbitrary<string>) =>
  fc
    .record({ Effect: effect, AWS: fc.array(principal, { minLength: 1, maxLength: 3 }), Condition: conditions })
    .map(({ AWS, ...rest }) => statement({ ...rest, Principal: { AWS } }));
const effect = fc.constantFrom("Allow", "Deny");
const anyCondition = fc.oneof(condition, idCondition);
const identityStatement = (effects: fc.Arbitrary<string>) =>
  fc.record({
    Effect: effects,
    Action: fc.constantFrom("*", put, "cloudtrail-data:*", "cloudtrail:*", "CLOUDTRAIL-DATA:put*"),
    Resource: fc.constantFrom("*", "arn:aws:cloudtrail:*:*:channel/*", "arn:aws:cloudtrail:eu-west-1:*:*"),
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
  externalId: fc.option(fc.constantFrom("id-1", "id-2", "id-3"), { nil: undefined }),
  sourceIp: fc.constantFrom("192.0.2.9", "198.51.100.1"),
  secureTransport: fc.boolean(),
  tags: fc.constantFrom({}, { env: "prod" }, { env: "test" }),
  mode: fc.constantFrom("gate" as const, "iam" as const),
});
const policies = fc.array(resourceStatement(anyCondition, effect), { minLength: 1, maxLength: 4 });

test("a Deny added to the channel's policy never allows more", () => {
  let changed = 0;
  fc.assert(
    fc.property(
      caller,
      request,
      policies,
      resourceStatement(anyCondition, fc.constant("Deny")),
      (who, what, list, deny) => {
        const before = decide(who, channelPolicy(...list), what).allowed;
        const after = decide(who, channelPolicy(...list, deny), what).allowed;
        if (before && !after) changed++;
        expect(after && !before).toBe(false);
      },
    ),
    { numRuns: 3000 },
  );
  expect(changed).toBeGreaterThan(10);
});

test("a Deny added to an identity policy never allows more", () => {
  fc.assert(
    fc.property(caller, request, policies, identityStatement(fc.constant("Deny")), (who, what, list, deny) => {
      const before = decide(who, channelPolicy(...list), what).allowed;
      const denied = { ...who, identityPolicies: [...who.identityPolicies, identityPolicy(deny)] };
      expect(decide(denied, channelPolicy(...list), what).allowed && !before).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("an Allow added to the channel's policy never denies more, save one that closes the external-id gate", () => {
  let changed = 0;
  const withMode = fc.oneof(
    fc.record({ mode: fc.constant("gate" as const), allow: resourceStatement(condition, fc.constant("Allow")) }),
    fc.record({ mode: fc.constant("iam" as const), allow: resourceStatement(anyCondition, fc.constant("Allow")) }),
  );
  fc.assert(
    fc.property(caller, request, policies, withMode, (who, what, list, { mode, allow }) => {
      const before = decide(who, channelPolicy(...list), { ...what, mode }).allowed;
      const after = decide(who, channelPolicy(...list, allow), { ...what, mode }).allowed;
      if (!before && after) changed++;
      expect(before && !after).toBe(false);
    }),
    { numRuns: 3000 },
  );
  expect(changed).toBeGreaterThan(10);
});

test("an Allow added to an identity policy never denies more", () => {
  fc.assert(
    fc.property(caller, request, policies, identityStatement(fc.constant("Allow")), (who, what, list, allow) => {
      const before = decide(who, channelPolicy(...list), what).allowed;
      const wider = { ...who, identityPolicies: [...who.identityPolicies, identityPolicy(allow)] };
      expect(before && !decide(wider, channelPolicy(...list), what).allowed).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("another account is allowed exactly when the channel's policy would allow its administrator and its own policies allow", () => {
  const counts = { both: 0, one: 0, none: 0 };
  const foreign = caller.filter(({ accountId }) => accountId !== owner);
  fc.assert(
    fc.property(foreign, request, policies, (who, what, list) => {
      const policy = channelPolicy(...list);
      const resource = decide({ ...who, identityPolicies: [administratorPolicy] }, policy, what).allowed;
      const context = requestContext({ ...what, resourceTags: what.tags });
      const identity = evaluateIdentity({ caller: who, action: put, resource: channelArn, context }).allowed;
      counts[resource && identity ? "both" : resource || identity ? "one" : "none"]++;
      expect(decide(who, policy, what).allowed).toBe(resource && identity);
    }),
    { numRuns: 3000 },
  );
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(20);
});

test("the order of statements does not matter", () => {
  fc.assert(
    fc.property(caller, request, policies, (who, what, list) => {
      const forward = decide(who, channelPolicy(...list), what);
      expect(decide(who, channelPolicy(...list.toReversed()), what)).toEqual(forward);
    }),
    { numRuns: 1000 },
  );
});

describe("explicit Deny", () => {
  const denyOwner = statement({ Effect: "Deny", Principal: { AWS: owner } });
  const denyId = identityPolicy({ Effect: "Deny", Action: put, Resource: "*" });

  test("in the channel's policy refuses the owner, its administrator and its root", () => {
    for (const who of [user(owner), session(owner), rootOf(owner)])
      expect(outcome(decide(who, channelPolicy(denyOwner)))).toBe("explicit-deny");
  });
  test("in the identity policy refuses what every other policy allows", () => {
    const allow = channelPolicy(statement({ Principal: { AWS: [owner, partner, user(owner).arn] } }));
    for (const account of [owner, partner])
      expect(outcome(decide(user(account, [administratorPolicy, denyId]), allow))).toBe("explicit-deny");
  });
  test("whose condition fails refuses nothing", () => {
    const policy = channelPolicy(
      statement({ Effect: "Deny", Principal: { AWS: owner }, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
    expect(outcome(decide(user(owner), policy, { secureTransport: true }))).toBe("allowed");
    expect(outcome(decide(user(owner), policy, { secureTransport: false }))).toBe("explicit-deny");
  });
  test("binds control-plane calls", () => {
    const decision = evaluateIdentity({
      caller: user(owner, [
        administratorPolicy,
        identityPolicy({ Effect: "Deny", Action: "cloudtrail:Delete*", Resource: "*" }),
      ]),
      action: "cloudtrail:DeleteChannel",
      resource: "*",
      context: new Map(),
    });
    expect(outcome(decision)).toBe("explicit-deny");
  });
});
