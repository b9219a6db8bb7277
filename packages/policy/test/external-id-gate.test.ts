import { describe, expect, test } from "vitest";
import {
  channelPolicy,
  decide,
  externalId,
  outcome,
  owner,
  partner,
  rootOf,
  statement,
  stranger,
  user,
} from "./scene.ts";

const single = channelPolicy(statement(externalId("id-1")));
const several = channelPolicy(statement(externalId(["id-1", "id-2"])));
const perPartner = channelPolicy(
  statement(externalId("id-1")),
  statement({ Principal: { AWS: stranger }, ...externalId("id-2") }),
);
const mixed = channelPolicy(statement(externalId("id-1")), statement({ Principal: { AWS: stranger } }));
const denyOnly = channelPolicy(
  statement(),
  statement({ Effect: "Deny", Principal: { AWS: stranger }, ...externalId("id-1") }),
);
const like = channelPolicy(statement({ Condition: { StringLike: { "cloudtrail:ExternalId": "id-*" } } }));

describe("gate mode", () => {
  test.each([
    ["partner without an id", user(partner), single, undefined, "external-id"],
    ["partner with another id", user(partner), single, "id-2", "external-id"],
    ["partner with the id in another case", user(partner), single, "ID-1", "external-id"],
    ["partner with the id", user(partner), single, "id-1", "allowed"],
    ["partner with the second of two", user(partner), several, "id-2", "allowed"],
    ["partner with a pattern's id", user(partner), like, "id-77", "allowed"],
    ["owner without an id", user(owner), single, undefined, "external-id"],
    ["owner's root without an id", rootOf(owner), single, undefined, "external-id"],
    ["owner with the id", user(owner), single, "id-1", "allowed"],
    ["owner with any partner's id", user(owner), perPartner, "id-2", "allowed"],
    ["partner with another partner's id", user(partner), perPartner, "id-2", "external-id"],
    ["principal of a second Allow without a condition", user(stranger), mixed, undefined, "external-id"],
    ["policy without an id, call with one", user(partner), channelPolicy(statement()), "id-9", "allowed"],
    ["an id in a Deny alone closes no gate", user(partner), denyOnly, undefined, "allowed"],
    ["no policy, owner", user(owner), undefined, undefined, "allowed"],
  ])("%s", (_, who, policy, id, expected) => expect(outcome(decide(who, policy, { externalId: id }))).toBe(expected));

  test("the other conditions of the statement still count", () => {
    const policy = channelPolicy(
      statement({
        Condition: { StringEquals: { "cloudtrail:ExternalId": "id-1" }, Bool: { "aws:SecureTransport": "true" } },
      }),
    );
    expect(outcome(decide(user(partner), policy, { externalId: "id-1", secureTransport: true }))).toBe("allowed");
    expect(outcome(decide(user(partner), policy, { externalId: "id-1", secureTransport: false }))).toBe(
      "resource-policy",
    );
  });
});

describe("iam mode", () => {
  test.each([
    ["owner without an id", user(owner), single, undefined, "allowed"],
    ["partner without an id", user(partner), single, undefined, "resource-policy"],
    ["partner with the id", user(partner), single, "id-1", "allowed"],
    ["principal of a second Allow without a condition", user(stranger), mixed, undefined, "allowed"],
  ])("%s", (_, who, policy, id, expected) =>
    expect(outcome(decide(who, policy, { externalId: id, mode: "iam" }))).toBe(expected),
  );
});

test("a policy that mixes Allow statements with and without an id is warned of", () => {
  expect(mixed.warnings).toHaveLength(1);
  for (const policy of [single, several, perPartner, denyOnly]) expect(policy.warnings).toEqual([]);
});
