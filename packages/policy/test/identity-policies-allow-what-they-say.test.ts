import { describe, expect, test } from "vitest";
import { evaluateIdentity, parseIdentityPolicy, PolicyInvalid } from "../src/index.ts";
import { channelArn, identityPolicy, outcome, owner, rootOf, user } from "./scene.ts";

const decide = (parts: Record<string, unknown>, action: string, resource: string) =>
  outcome(
    evaluateIdentity({
      caller: user(owner, [identityPolicy({ Effect: "Allow", ...parts })]),
      action,
      resource,
      context: new Map(),
    }),
  );

describe("actions and resources", () => {
  test.each<[Record<string, unknown>, string, string, boolean]>([
    [{ Action: "*", Resource: "*" }, "cloudtrail:ListChannels", "*", true],
    [{ Action: "cloudtrail:*", Resource: "*" }, "cloudtrail:CreateChannel", channelArn, true],
    [{ Action: "cloudtrail:*", Resource: "*" }, "cloudtrail-data:PutAuditEvents", channelArn, false],
    [{ Action: "CloudTrail:get*", Resource: "*" }, "cloudtrail:GetChannel", channelArn, true],
    [{ Action: "cloudtrail:Get*", Resource: "*" }, "cloudtrail:ListChannels", "*", false],
    [{ Action: ["cloudtrail:GetChanne?"], Resource: "*" }, "cloudtrail:GetChannel", channelArn, true],
    [{ NotAction: "cloudtrail:Delete*", Resource: "*" }, "cloudtrail:DeleteChannel", channelArn, false],
    [{ NotAction: "cloudtrail:Delete*", Resource: "*" }, "cloudtrail-data:PutAuditEvents", channelArn, true],
    [{ Action: "*", Resource: channelArn }, "cloudtrail:GetChannel", channelArn, true],
    [
      { Action: "*", Resource: channelArn.toUpperCase().replace("ARN", "arn") },
      "cloudtrail:GetChannel",
      channelArn,
      false,
    ],
    [{ Action: "*", Resource: "arn:aws:cloudtrail:us-*:*:channel/*" }, "cloudtrail:GetChannel", channelArn, true],
    [
      { Action: "*", Resource: "arn:aws:cloudtrail:us-*:*:eventdatastore/*" },
      "cloudtrail:GetChannel",
      channelArn,
      false,
    ],
    [{ Action: "*", Resource: "arn:aws:cloudtrail:*:*:*" }, "cloudtrail:ListChannels", "*", false],
    [{ Action: "*", NotResource: "arn:aws:cloudtrail:*:*:channel/*" }, "cloudtrail:GetChannel", channelArn, false],
    [{ Action: "*", NotResource: "arn:aws:cloudtrail:*:*:channel/*" }, "cloudtrail:ListChannels", "*", true],
  ])("%j: %s on %s: %j", (parts, action, resource, allowed) =>
    expect(decide(parts, action, resource)).toBe(allowed ? "allowed" : "identity-policy"),
  );
});

test("no policy allows nothing; the root user needs none", () => {
  const call = { action: "cloudtrail:ListChannels", resource: "*", context: new Map<string, string>() };
  const refused = evaluateIdentity({ caller: user(owner, []), ...call });
  expect(refused).toEqual({
    allowed: false,
    by: "identity-policy",
    message: `User: arn:aws:iam::${owner}:user/alice is not authorized to perform: cloudtrail:ListChannels on resource: * because no identity-based policy allows the cloudtrail:ListChannels action`,
  });
  expect(evaluateIdentity({ caller: rootOf(owner), ...call })).toEqual({ allowed: true });
});

describe("refused", () => {
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  test.each<[string, unknown, RegExp]>([
    ["a principal", { ...allow, Principal: "*" }, /Principal/],
    ["Action and NotAction", { ...allow, NotAction: "*" }, /either Action or NotAction/],
    ["neither Resource nor NotResource", { Effect: "Allow", Action: "*" }, /either Resource or NotResource/],
    ["another service", { ...allow, Action: "s3:GetObject" }, /s3:GetObject/],
    ["a misspelt service", { ...allow, Action: "cloudtrial:*" }, /cloudtrial/],
    ["a wildcard in the service", { ...allow, Action: "cloud*:*" }, /cloud\*/],
    ["an empty list", { ...allow, Action: [] }, /empty/],
    ["a resource that is no ARN", { ...allow, Resource: "channel/*" }, /ARN/],
    ["a variable in a resource", { ...allow, Resource: "arn:aws:cloudtrail:*:*:channel/${aws:username}" }, /variables/],
    [
      "an unknown condition key",
      { ...allow, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
      /not known/,
    ],
  ])("%s", (_, statement, rule) => {
    const text = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    expect(() => parseIdentityPolicy(text)).toThrow(PolicyInvalid);
    expect(() => parseIdentityPolicy(text)).toThrow(rule);
  });
  test("more than 10,240 characters", () =>
    expect(() =>
      parseIdentityPolicy(JSON.stringify({ Version: "2012-10-17", Id: "x".repeat(10_240), Statement: allow })),
    ).toThrow(/10240/));
});

test("without a version the older one is meant, in which ${ is plain text", () => {
  const policy = parseIdentityPolicy(
    JSON.stringify({ Statement: { Effect: "Allow", Action: "*", Resource: "arn:aws:cloudtrail:*:*:channel/${a}" } }),
  );
  expect(policy.statements[0]!.resources.patterns).toEqual(["arn:aws:cloudtrail:*:*:channel/${a}"]);
});
