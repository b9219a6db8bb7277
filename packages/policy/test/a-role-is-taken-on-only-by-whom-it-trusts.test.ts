import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Caller, evaluateAssumeRole, parseTrustPolicy, requestContext } from "../src/index.ts";
import { identityPolicy, owner, partner, rootOf, session, stranger, user } from "./scene.ts";

const role = { arn: `arn:aws:iam::${owner}:role/shipper`, accountId: owner };
type Json = Readonly<Record<string, unknown>>;

const trustText = (...statements: readonly Json[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((parts) => ({
      Effect: "Allow",
      Principal: { AWS: owner },
      Action: "sts:AssumeRole",
      ...parts,
    })),
  });

interface Call {
  readonly trust?: readonly Json[] | undefined;
  readonly externalId?: string;
  readonly sourceIp?: string;
  readonly roleSessionName?: string;
}

function decide(caller: Caller, { trust, externalId, sourceIp, roleSessionName = "night" }: Call) {
  return evaluateAssumeRole({
    caller,
    role,
    trust: trust && parseTrustPolicy(trustText(...trust)),
    context: requestContext({ assumeRole: { externalId, roleSessionName }, sourceIp, now: 0 }),
  });
}
const may = (caller: Caller, call: Call): boolean => decide(caller, call).allowed;
const by = (AWS: string | readonly string[], more: Json = {}): Json => ({ Principal: { AWS }, ...more });

const nothing = user(owner, []);
const allowed = identityPolicy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: role.arn });
const denied = identityPolicy({ Effect: "Deny", Action: "sts:*", Resource: "*" });

describe("whom the trust policy names", () => {
  test.each<[string, Caller, Json, boolean]>([
    ["the account, a user that its policy allows", user(owner, [allowed]), by(owner), true],
    ["the account, a user without a policy", nothing, by(owner), false],
    ["the account, its root", rootOf(owner), by(owner), true],
    ["the user itself, without a policy", nothing, by(nothing.arn), true],
    ["a role, its session without a policy", session(owner, []), by(session(owner).sessionOf!), true],
    ["one session by its ARN", session(owner, []), by(session(owner).arn), true],
    ["another session", session(owner, []), by(`${session(owner).arn}2`), false],
    ["another user", user(owner), by(`arn:aws:iam::${owner}:user/bob`), false],
    ["another account", user(owner), by(partner), false],
    ["an account beyond, its user allowed", user(partner), by(partner), true],
    ["an account beyond, its user not allowed", user(partner, []), by(partner), false],
    ["a user beyond by its ARN, not allowed", user(partner, []), by(user(partner).arn), false],
    ["several, one of them the caller's", user(partner), by([stranger, partner]), true],
  ])("%s", (_what, caller, statement, expected) => expect(may(caller, { trust: [statement] })).toBe(expected));

  test("a role without a trust policy, as one that is not there, refuses everybody", () => {
    for (const caller of [user(owner), rootOf(owner), session(owner), user(partner)])
      expect(may(caller, { trust: undefined })).toBe(false);
  });
});

describe("conditions", () => {
  const Condition = { StringEquals: { "sts:ExternalId": "ext-1" } };
  test("an external id must be brought, and be that one", () => {
    const trust = [by(partner, { Condition })];
    expect(may(user(partner), { trust, externalId: "ext-1" })).toBe(true);
    for (const other of [{}, { externalId: "ext-2" }, { externalId: "EXT-1" }, { externalId: "" }])
      expect(may(user(partner), { trust, ...other })).toBe(false);
  });
  test("the session's name and the caller's address are looked at", () => {
    const trust = [
      by(owner, {
        Condition: { StringLike: { "sts:RoleSessionName": "n*" }, IpAddress: { "aws:SourceIp": "192.0.2.0/24" } },
      }),
    ];
    expect(may(user(owner), { trust, sourceIp: "192.0.2.7" })).toBe(true);
    expect(may(user(owner), { trust, sourceIp: "192.0.3.7" })).toBe(false);
    expect(may(user(owner), { trust, sourceIp: "192.0.2.7", roleSessionName: "day" })).toBe(false);
  });
});

describe("what refuses first", () => {
  test("a Deny of the trust policy or of the caller, whatever allows", () => {
    const trust = [by([owner, nothing.arn])];
    expect(may(user(owner, [allowed]), { trust })).toBe(true);
    expect(may(user(owner, [allowed, denied]), { trust })).toBe(false);
    expect(may(user(owner, [allowed]), { trust: [...trust, by(owner, { Effect: "Deny" })] })).toBe(false);
    expect(may(rootOf(owner), { trust: [...trust, by(owner, { Effect: "Deny" })] })).toBe(false);
  });
  test("a session policy takes away also what the trust policy gives the session directly", () => {
    const [other] = [identityPolicy({ Effect: "Allow", Action: "cloudtrail:*", Resource: "*" })];
    const trust = [by(session(owner).sessionOf!)];
    expect(may(session(owner, []), { trust })).toBe(true);
    expect(may({ ...session(owner), sessionPolicy: other }, { trust })).toBe(false);
    expect(may({ ...session(owner, []), sessionPolicy: allowed }, { trust })).toBe(true);
  });
  test("every refusal reads the same", () => {
    const messages = [
      decide(user(partner), { trust: undefined }),
      decide(user(partner), { trust: [by(stranger)] }),
      decide(user(partner), { trust: [by(partner, { Effect: "Deny" })] }),
      decide(user(partner, [denied]), { trust: [by(partner)] }),
      decide(user(partner, []), { trust: [by(partner)] }),
    ].map((decision) => JSON.stringify(decision));
    expect(new Set(messages).size).toBe(1);
  });
});

test("neither the order of statements nor one more Deny ever lets somebody in", () => {
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Principal: fc.record({
      AWS: fc.constantFrom(owner, partner, stranger, user(owner).arn, user(partner).arn, session(owner).sessionOf!),
    }),
    Condition: fc.constantFrom({}, { StringEquals: { "sts:ExternalId": "ext-1" } }),
  });
  const callers = fc.constantFrom(
    user(owner),
    nothing,
    rootOf(owner),
    session(owner, []),
    user(partner),
    user(stranger),
  );
  const given = fc.record({ externalId: fc.constantFrom("ext-1", "ext-2") });
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 5 }),
      statement,
      callers,
      given,
      (trust, extra, caller, call) => {
        const before = may(caller, { trust, ...call });
        expect(may(caller, { trust: trust.toReversed(), ...call })).toBe(before);
        const after = may(caller, { trust: [...trust, { ...extra, Effect: "Deny" }], ...call });
        expect(after && !before).toBe(false);
        const named = trust.some(({ Effect, Principal }) => {
          const { AWS } = Principal;
          return Effect === "Allow" && [caller.accountId, caller.arn, caller.sessionOf].includes(AWS);
        });
        expect(before && !named).toBe(false);
      },
    ),
  );
});

test.each<[string, string, RegExp]>([
  ["nothing", "", /JSON/],
  ["no version", JSON.stringify({ Statement: [] }), /Version/],
  ["a resource", trustText({ Resource: "*" }), /Resource/],
  ["another action", trustText({ Action: "sts:GetSessionToken" }), /is not sts:AssumeRole/],
  ["a wildcard for the action", trustText({ Action: "sts:*" }), /is not sts:AssumeRole/],
  ["no action", trustText({ Action: undefined }), /Action.*is missing/],
  ["no principal", trustText({ Principal: undefined }), /Principal.*is missing/],
  ["anybody", trustText(by("*")), /"\*" is not allowed/],
  ["a pattern of users", trustText(by(`arn:aws:iam::${owner}:user/*`)), /is not a principal/],
  ["a service", trustText({ Principal: { Service: "ec2.amazonaws.com" } }), /only AWS principals/],
  ["a federated principal", trustText({ Principal: { Federated: "accounts.google.com" } }), /only AWS principals/],
  ["NotPrincipal", trustText({ NotPrincipal: { AWS: owner } }), /NotPrincipal/],
  ["a key of another service", trustText({ Condition: { StringEquals: { "s3:prefix": "x" } } }), /s3:prefix/],
])("a trust policy with %s is refused", (_what, text, message) => {
  expect(() => parseTrustPolicy(text)).toThrow(message);
  expect(() => parseTrustPolicy(text)).toThrow(expect.objectContaining({ code: "TRUST_POLICY_NOT_VALID" }));
});
