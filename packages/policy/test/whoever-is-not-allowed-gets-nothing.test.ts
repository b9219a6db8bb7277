import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { administratorPolicy, type Caller, evaluatePutAuditEvents } from "../src/index.ts";
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

const may = [administratorPolicy];
const mayNot: never[] = [];
const named = (aws: string) => channelPolicy(statement({ Principal: { AWS: aws } }));
const names = (aws: string, who: Caller) => decide(who, named(aws)).allowed;
const byAccount = channelPolicy(statement());

describe("cross account: the channel's policy AND the caller's own", () => {
  test.each([
    ["both", user(partner, may), byAccount, "allowed"],
    ["the channel's alone", user(partner, mayNot), byAccount, "identity-policy"],
    ["the caller's alone", user(stranger, may), byAccount, "resource-policy"],
    ["no channel policy", user(partner, may), undefined, "resource-policy"],
    ["neither", user(stranger, mayNot), byAccount, "identity-policy"],
    ["root of the named account", rootOf(partner), byAccount, "allowed"],
    ["root of another", rootOf(stranger), byAccount, "resource-policy"],
    [
      "named user, no identity policy",
      user(partner, mayNot),
      channelPolicy(statement({ Principal: { AWS: user(partner).arn } })),
      "identity-policy",
    ],
  ])("%s", (_, who, policy, expected) => expect(outcome(decide(who, policy))).toBe(expected));
});

describe("the owner's account: either policy", () => {
  test.each([
    ["identity policy, no channel policy", user(owner, may), undefined, "allowed"],
    ["no policy at all", user(owner, mayNot), undefined, "identity-policy"],
    ["root, no policy at all", rootOf(owner), undefined, "allowed"],
    ["channel policy that names the user", user(owner, mayNot), named(user(owner).arn), "allowed"],
    [
      "channel policy that names the role of the session",
      session(owner, mayNot),
      named(session(owner).sessionOf!),
      "allowed",
    ],
    ["channel policy that names the session", session(owner, mayNot), named(session(owner).arn), "allowed"],
    ["channel policy that names the account only delegates", user(owner, mayNot), named(owner), "identity-policy"],
    ["so does its root ARN", user(owner, mayNot), named(`arn:aws:iam::${owner}:root`), "identity-policy"],
    ["channel policy for others", user(owner, may), byAccount, "allowed"],
  ])("%s", (_, who, policy, expected) => expect(outcome(decide(who, policy))).toBe(expected));
});

test("what a session policy leaves out, no channel policy gives back", () => {
  const elsewhere = identityPolicy({ Effect: "Allow", Action: "cloudtrail:*", Resource: "*" });
  for (const account of [owner, partner])
    for (const AWS of [account, session(account).arn, session(account).sessionOf!])
      for (const identity of [may, mayNot]) {
        const policy = channelPolicy(statement({ Principal: { AWS } }));
        const who = { ...session(account, identity), sessionPolicy: elsewhere };
        expect(outcome(decide(who, policy))).toBe("identity-policy");
      }
});

describe("principals", () => {
  test("the account id and its root ARN name every principal of the account and nobody else", () => {
    for (const account of [partner, `arn:aws:iam::${partner}:root`]) {
      for (const who of [user(partner), session(partner), rootOf(partner)]) expect(names(account, who)).toBe(true);
      for (const who of [user(stranger), session(stranger), rootOf(stranger)]) expect(names(account, who)).toBe(false);
    }
  });
  test("a role names its sessions, a session itself, a user that user", () => {
    const role = session(partner).sessionOf!;
    expect(names(role, session(partner))).toBe(true);
    expect(names(role, { ...session(partner), sessionOf: `${role}2` })).toBe(false);
    expect(names(session(partner).arn, session(partner))).toBe(true);
    expect(names(session(partner).arn, { ...session(partner), arn: `${session(partner).arn}2` })).toBe(false);
    expect(names(user(partner).arn, user(partner))).toBe(true);
    expect(names(user(partner).arn, { ...user(partner), arn: user(partner).arn.replace("alice", "Alice") })).toBe(
      false,
    );
    expect(names(user(partner).arn, rootOf(partner))).toBe(false);
  });
  test("the bare account id and the root ARN decide alike", () => {
    const who = fc
      .constantFrom(user, session, rootOf)
      .chain((kind) => fc.constantFrom(owner, partner, stranger).map((id) => kind(id)));
    fc.assert(
      fc.property(who, fc.constantFrom(owner, partner), fc.constantFrom("Allow", "Deny"), (caller, id, effect) => {
        const decisions = [id, `arn:aws:iam::${id}:root`].map((aws) =>
          decide(caller, channelPolicy(statement({ Effect: effect, Principal: { AWS: aws } }))),
        );
        expect(decisions[0]).toEqual(decisions[1]);
      }),
    );
  });
});

describe("existence is not revealed to another account", () => {
  const policies = [
    undefined,
    channelPolicy(statement({ Principal: { AWS: stranger } })),
    channelPolicy(statement(externalId("id-1"))),
    channelPolicy(statement({ Effect: "Deny" })),
    channelPolicy(statement({ Condition: { Bool: { "aws:SecureTransport": "true" } } })),
  ];
  const identities = [
    may,
    mayNot,
    [
      identityPolicy({
        Effect: "Allow",
        Action: put,
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/env": "prod" } },
      }),
    ],
    [
      administratorPolicy,
      identityPolicy({
        Effect: "Deny",
        Action: put,
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/env": "prod" } },
      }),
    ],
  ];
  test("a channel that refuses and one that is not there answer alike", () => {
    for (const identity of identities) {
      const missing = decide(user(partner, identity), undefined);
      for (const policy of policies)
        for (const tags of [{}, { env: "prod" }]) {
          const { message } = missing.allowed ? { message: "allowed" } : missing;
          const decision = decide(user(partner, identity), policy, { tags });
          expect(decision.allowed ? "allowed" : decision.message).toBe(message);
          expect(outcome(decision).replace("external-id", "resource-policy")).toBe(outcome(missing));
        }
    }
  });
  test("no message holds the external id or a tag", () => {
    const decision = decide(user(partner), channelPolicy(statement(externalId("canary-1"))), {
      externalId: "canary-2",
      tags: { env: "canary-3" },
    });
    expect(JSON.stringify(decision)).not.toContain("canary");
    expect(decision.allowed).toBe(false);
  });
});

test("a policy is never applied to another channel", () => {
  const other = { arn: `${channelArn}2`, accountId: owner, tags: {} };
  const call = {
    caller: user(partner),
    channel: other,
    policy: byAccount,
    context: new Map(),
    externalIdMode: "gate" as const,
  };
  expect(() => evaluatePutAuditEvents(call)).toThrow(expect.objectContaining({ code: "POLICY_MISMATCH" }));
});

test("conditions see the channel's tags and the request", () => {
  const policy = channelPolicy(
    statement({
      Condition: { StringEquals: { "aws:ResourceTag/env": "prod" }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
    }),
  );
  const facts = { sourceIp: "192.0.2.1", tags: { env: "prod" } };
  expect(outcome(decide(user(partner), policy, facts))).toBe("allowed");
  expect(outcome(decide(user(partner), policy, { ...facts, tags: {} }))).toBe("resource-policy");
  expect(outcome(decide(user(partner), policy, { ...facts, sourceIp: "198.51.100.1" }))).toBe("resource-policy");
});
