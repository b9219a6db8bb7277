import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operators } from "../src/condition-operator.ts";
import { administratorPolicy, evaluateIdentity, type ContextValue, requestContext } from "../src/index.ts";
import { identityPolicy, user, owner } from "./scene.ts";

/** Whether a statement with this condition applies in this context. */
function holds(condition: Record<string, unknown>, context: Record<string, ContextValue>): boolean {
  const policy = identityPolicy({ Effect: "Allow", Action: "*", Resource: "*", Condition: condition });
  return evaluateIdentity({
    caller: user(owner, [policy]),
    action: "cloudtrail:ListChannels",
    resource: "*",
    context: new Map(Object.entries(context)),
  }).allowed;
}

/** Per operator: a key of its type, a policy value, a value that matches it and one that does not. */
const rows: Record<string, readonly [key: string, policy: string, match: string, miss: string]> = {
  StringEquals: ["aws:RequestTag/team", "blue", "blue", "Blue"],
  StringNotEquals: ["aws:RequestTag/team", "blue", "blue", "Blue"],
  StringEqualsIgnoreCase: ["aws:RequestTag/team", "blue", "BLUE", "red"],
  StringNotEqualsIgnoreCase: ["aws:RequestTag/team", "blue", "BLUE", "red"],
  StringLike: ["aws:RequestTag/team", "b?u*", "blues", "bu"],
  StringNotLike: ["aws:RequestTag/team", "b?u*", "blues", "bu"],
  ArnEquals: [
    "aws:SourceArn",
    "arn:aws:cloudtrail:*:111122223333:channel/a*",
    "arn:aws:cloudtrail:x:111122223333:channel/ab",
    "arn:aws:cloudtrail:x:y:111122223333:channel/ab",
  ],
  ArnLike: ["aws:SourceArn", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", "arn:aws:s3:x::bucket"],
  ArnNotEquals: ["aws:SourceArn", "arn:aws:s3:::bucket", "arn:aws:s3:::bucket", "arn:aws:s3:::other"],
  ArnNotLike: ["aws:SourceArn", "arn:aws:s3:::b*", "arn:aws:s3:::bucket", "not an arn"],
  Bool: ["aws:SecureTransport", "true", "true", "false"],
  IpAddress: ["aws:SourceIp", "192.0.2.0/24", "192.0.2.255", "192.0.3.0"],
  NotIpAddress: ["aws:SourceIp", "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"],
  DateEquals: ["aws:CurrentTime", "2026-11-22T00:00:00Z", "2026-11-22T01:00:00+01:00", "2026-11-22T00:00:01Z"],
  DateNotEquals: ["aws:CurrentTime", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23"],
  DateLessThan: ["aws:CurrentTime", "2026-11-22T00:00:00Z", "2026-11-21T23:59:59.999Z", "2026-11-22T00:00:00Z"],
  DateLessThanEquals: ["aws:CurrentTime", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-22T00:00:01Z"],
  DateGreaterThan: ["aws:CurrentTime", "1000", "1001", "1000"],
  DateGreaterThanEquals: ["aws:CurrentTime", "1970-01-01T00:16:40Z", "1000", "999"],
};

test("every operator has a row", () => expect(Object.keys(rows).toSorted()).toEqual(Object.keys(operators).toSorted()));

describe.each(Object.entries(rows))("%s", (name, [key, policy, match, miss]) => {
  const { negated } = operators[name]!;
  const contextKey = key.toLowerCase();
  const other = operators[name]!.type === "string" ? "no-such-value" : policy;

  test("a value that matches, one that does not", () => {
    expect(holds({ [name]: { [key]: policy } }, { [contextKey]: match })).toBe(!negated);
    expect(holds({ [name]: { [key]: policy } }, { [contextKey]: miss })).toBe(negated);
  });
  test("key names are compared without case", () =>
    expect(holds({ [name]: { [key.toUpperCase()]: policy } }, { [contextKey]: match })).toBe(!negated));
  test("policy values are alternatives, for a negated operator none may match", () =>
    expect(holds({ [name]: { [key]: [other, policy] } }, { [contextKey]: match })).toBe(!negated));
  test("missing key: a positive operator is false, a negated one true", () =>
    expect(holds({ [name]: { [key]: policy } }, {})).toBe(negated));
  test("missing key: IfExists is true; present: as without it", () => {
    expect(holds({ [`${name}IfExists`]: { [key]: policy } }, {})).toBe(true);
    expect(holds({ [`${name}IfExists`]: { [key]: policy } }, { [contextKey]: match })).toBe(!negated);
    expect(holds({ [`${name}IfExists`]: { [key]: policy } }, { [contextKey]: miss })).toBe(negated);
  });
  test("missing key or empty list: ForAllValues is true, ForAnyValue false, with IfExists too", () => {
    for (const context of [{}, { [contextKey]: [] }])
      for (const suffix of ["", "IfExists"]) {
        expect(holds({ [`ForAllValues:${name}${suffix}`]: { [key]: policy } }, context)).toBe(true);
        expect(holds({ [`ForAnyValue:${name}${suffix}`]: { [key]: policy } }, context)).toBe(false);
      }
  });
  test("ForAllValues asks every value, ForAnyValue one", () => {
    const condition = { [key]: policy };
    expect(holds({ [`ForAllValues:${name}`]: condition }, { [contextKey]: [match, match] })).toBe(!negated);
    expect(holds({ [`ForAllValues:${name}`]: condition }, { [contextKey]: [match, miss] })).toBe(false);
    expect(holds({ [`ForAnyValue:${name}`]: condition }, { [contextKey]: [match, miss] })).toBe(true);
    expect(holds({ [`ForAnyValue:${name}`]: condition }, { [contextKey]: [miss, miss] })).toBe(negated);
  });
});

test("Null tests presence", () => {
  const present = { "aws:sourceip": "192.0.2.1" };
  expect(holds({ Null: { "aws:SourceIp": "true" } }, {})).toBe(true);
  expect(holds({ Null: { "aws:SourceIp": "true" } }, present)).toBe(false);
  expect(holds({ Null: { "aws:SourceIp": false } }, present)).toBe(true);
  expect(holds({ Null: { "aws:SourceIp": false } }, {})).toBe(false);
  expect(holds({ Null: { "aws:TagKeys": true } }, { "aws:tagkeys": [] })).toBe(true);
});

test("keys are joined by and, operators too", () => {
  const condition = {
    StringEquals: { "aws:RequestTag/a": "1", "aws:RequestTag/b": "2" },
    Bool: { "aws:SecureTransport": true },
  };
  const full = { "aws:requesttag/a": "1", "aws:requesttag/b": "2", "aws:securetransport": "true" };
  expect(holds(condition, full)).toBe(true);
  expect(Object.keys(full).filter((key) => holds(condition, { ...full, [key]: "no" }))).toEqual([]);
});

test("an IPv4-mapped peer address is its IPv4 address", () => {
  const condition = { IpAddress: { "aws:SourceIp": "192.0.2.0/24" } };
  expect(holds(condition, { "aws:sourceip": "::ffff:192.0.2.7" })).toBe(true);
  expect(holds(condition, { "aws:sourceip": "::192.0.2.7" })).toBe(false);
});

const dotted = (value: number) => [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join(".");

test("IpAddress agrees with counting addresses", () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), fc.nat(32), fc.nat(0xffff_ffff), fc.boolean(), (base, prefix, other, near) => {
      const size = 2 ** (32 - prefix);
      const start = Math.floor(base / size) * size;
      const address = near ? start + (other % size) : other;
      const expected = address >= start && address < start + size;
      const condition = { IpAddress: { "aws:SourceIp": `${dotted(base)}/${prefix}` } };
      expect(holds(condition, { "aws:sourceip": dotted(address) })).toBe(expected);
    }),
  );
});

test("the principal keys come from the credential, whatever the request says", () => {
  const mine = {
    StringEquals: { "aws:PrincipalAccount": owner },
    ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/al*" },
  };
  expect(holds(mine, { "aws:principalaccount": "999999999999", "aws:principalarn": "x" })).toBe(true);
});

test("request and resource tags and tag keys", () => {
  const context = requestContext({ requestTags: { Team: "blue", Cost: null }, resourceTags: { Env: "prod" } });
  const decide = (condition: Record<string, unknown>) =>
    evaluateIdentity({
      caller: user(owner, [identityPolicy({ Effect: "Allow", Action: "*", Resource: "*", Condition: condition })]),
      action: "cloudtrail:AddTags",
      resource: "*",
      context,
    }).allowed;
  expect(decide({ StringEquals: { "aws:RequestTag/team": "blue" } })).toBe(true);
  expect(decide({ StringEquals: { "aws:RequestTag/Cost": "" } })).toBe(true);
  expect(decide({ StringEquals: { "aws:ResourceTag/Env": "prod" } })).toBe(true);
  expect(decide({ StringEquals: { "aws:ResourceTag/Team": "blue" } })).toBe(false);
  expect(decide({ "ForAllValues:StringEquals": { "aws:TagKeys": ["Team", "Cost", "Env"] } })).toBe(true);
  expect(decide({ "ForAllValues:StringEquals": { "aws:TagKeys": ["Team"] } })).toBe(false);
  expect(administratorPolicy.statements).toHaveLength(1);
});
