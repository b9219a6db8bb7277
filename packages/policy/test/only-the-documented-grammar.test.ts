import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseChannelPolicy, parseEventDataStorePolicy, parseIdentityPolicy, PolicyInvalid } from "../src/index.ts";
import { channelArn, externalId, owner, partner, put, statement } from "./scene.ts";

const document = (...statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });
const parse = (value: unknown) =>
  parseChannelPolicy(typeof value === "string" ? value : JSON.stringify(value), channelArn);
const condition = (value: unknown) => document(statement({ Condition: value }));
const principal = (value: unknown) => document(statement({ Principal: value }));
const without = (key: string) =>
  document(Object.fromEntries(Object.entries(statement()).filter(([name]) => name !== key)));
const accounts = (count: number) => Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
const padded = (length: number) => {
  const text = JSON.stringify({ Id: "", ...document(statement()) });
  return text.replace('"Id":""', `"Id":"${"x".repeat(length - text.length)}"`);
};

describe("accepted", () => {
  test.each<[string, unknown]>([
    ["the guide's shape", document(statement({ Sid: "ChannelPolicy", ...externalId("uniquePartnerExternalID") }))],
    ["one statement without a list", { Version: "2012-10-17", Statement: statement() }],
    ["the older version, an Id", { ...document(statement()), Version: "2008-10-17", Id: "one" }],
    ["lists of one", document(statement({ Action: [put], Resource: [channelArn] }))],
    ["Deny", document(statement({ Effect: "Deny" }))],
    ["20 statements", document(...accounts(20).map((Sid) => statement({ Sid })))],
    ["50 principals", principal({ AWS: accounts(50) })],
    ["8192 characters", padded(8192)],
    ["8192 characters that are pairs of surrogates in part", padded(8192).replace("xx", "😀😀")],
    ["role with a path", principal({ AWS: `arn:aws:iam::${partner}:role/team/a+b=c,d.e@f-g` })],
    [
      "session and federated user",
      principal({ AWS: [`arn:aws:sts::${partner}:assumed-role/r/se`, `arn:aws:sts::${partner}:federated-user/bo`] }),
    ],
    ["set operator", condition({ "ForAnyValue:StringLikeIfExists": { "aws:ResourceTag/env": ["p*"] } })],
    [
      "any documented key",
      condition({
        ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:*:channel/*" },
        StringEquals: { "AWS:SOURCEACCOUNT": owner },
      }),
    ],
    ["empty condition", condition({})],
    ["JSON booleans", condition({ Null: { "cloudtrail:externalid": false }, Bool: { "aws:SecureTransport": true } })],
  ])("%s", (_, value) => expect(() => parse(value)).not.toThrow());
});

describe("refused, with the place and the rule", () => {
  test.each<[string, unknown, path: string, rule: RegExp]>([
    ["not JSON", "{", "", /JSON/],
    ["text after it", `${JSON.stringify(document(statement()))} x`, "", /JSON/],
    [
      "duplicate keys",
      JSON.stringify(document(statement())).replace('"Effect"', '"\\u0045ffect":"Deny","Effect"'),
      "",
      /twice/,
    ],
    ["deep nesting", "[".repeat(5000), "", /nested/],
    ["empty text", "", "", /JSON/],
    ["not an object", "[]", "", /object/],
    ["8193 characters", padded(8193), "", /longer than 8192/],
    ["no version", { Statement: statement() }, "Version", /2012-10-17/],
    ["another version", { ...document(statement()), Version: "2012-10-18" }, "Version", /2012-10-17/],
    ["unknown member of the document", { ...document(statement()), Extra: 1 }, "policy", /Extra/],
    ["__proto__", JSON.stringify(document(statement())).replace("{", '{"__proto__":{},'), "policy", /__proto__/],
    ["Id not a string", { ...document(statement()), Id: 1 }, "Id", /string/],
    ["no statement", { Version: "2012-10-17" }, "Statement", /missing/],
    ["an empty list", document(), "Statement", /at least one/],
    ["21 statements", document(...accounts(21).map(() => statement())), "Statement", /at most 20/],
    ["a statement that is text", document(statement(), "x"), "Statement[1]", /object/],
    ["unknown member of a statement", document(statement({ NotAction: put })), "Statement[0]", /NotAction/],
    ["NotPrincipal", document(statement({ NotPrincipal: { AWS: partner } })), "Statement[0]", /NotPrincipal/],
    ["NotResource", document(statement({ NotResource: channelArn })), "Statement[0]", /NotResource/],
    ["the same Sid twice", document(statement({ Sid: "a" }), statement({ Sid: "a" })), "Statement[1].Sid", /earlier/],
    ["Sid not a string", document(statement({ Sid: 1 })), "Statement[0].Sid", /string/],
    ["effect in lower case", document(statement({ Effect: "allow" })), "Statement[0].Effect", /Allow/],
    ["no effect", without("Effect"), "Statement[0].Effect", /Allow/],
    ["no principal", without("Principal"), "Statement[0].Principal", /missing/],
    ["no action", without("Action"), "Statement[0].Action", /missing/],
    ["no resource", without("Resource"), "Statement[0].Resource", /missing/],
    [
      "another action",
      document(statement({ Action: "cloudtrail:PutAuditEvents" })),
      "Statement[0].Action",
      /nothing else/,
    ],
    ["wildcard action", document(statement({ Action: "cloudtrail-data:*" })), "Statement[0].Action", /wildcards/],
    ["two actions", document(statement({ Action: [put, put] })), "Statement[0].Action", /nothing else/],
    ["another channel", document(statement({ Resource: `${channelArn}0` })), "Statement[0].Resource", /channel/],
    ["wildcard resource", document(statement({ Resource: "*" })), "Statement[0].Resource", /wildcards/],
    ["everybody", principal("*"), "Statement[0].Principal", /name accounts/],
    ["everybody under AWS", principal({ AWS: ["*"] }), "Statement[0].Principal.AWS", /name accounts/],
    ["a service", principal({ Service: "cloudtrail.amazonaws.com" }), "Statement[0].Principal", /Service/],
    ["federated", principal({ AWS: partner, Federated: "x" }), "Statement[0].Principal", /Federated/],
    ["canonical user", principal({ CanonicalUser: "x" }), "Statement[0].Principal", /CanonicalUser/],
    ["no principals", principal({ AWS: [] }), "Statement[0].Principal.AWS", /empty/],
    ["51 principals", principal({ AWS: accounts(51) }), "Statement[0].Principal.AWS", /at most 50/],
    ["11 digits", principal({ AWS: "11112222333" }), "Statement[0].Principal.AWS", /not a principal/],
    [
      "wildcard user",
      principal({ AWS: `arn:aws:iam::${partner}:user/*` }),
      "Statement[0].Principal.AWS",
      /not a principal/,
    ],
    [
      "another partition",
      principal({ AWS: `arn:aws-cn:iam::${partner}:root` }),
      "Statement[0].Principal.AWS",
      /partition aws/,
    ],
    ["a group", principal({ AWS: `arn:aws:iam::${partner}:group/g` }), "Statement[0].Principal.AWS", /not a principal/],
    [
      "session without a name",
      principal({ AWS: `arn:aws:sts::${partner}:assumed-role/r` }),
      "Statement[0].Principal.AWS",
      /not a principal/,
    ],
    ["principal a number", principal({ AWS: 111122223333 }), "Statement[0].Principal.AWS", /string/],
    [
      "unknown operator",
      condition({ NumericEquals: { "aws:SourceIp": "1" } }),
      "Statement[0].Condition",
      /NumericEquals/,
    ],
    ["operator of the prototype", condition({ constructor: {} }), "Statement[0].Condition", /constructor/],
    ["NullIfExists", condition({ NullIfExists: { "aws:SourceIp": "true" } }), "Statement[0].Condition", /NullIfExists/],
    ["unknown set", condition({ "ForSome:StringEquals": {} }), "Statement[0].Condition", /ForSome/],
    ["two sets", condition({ "ForAnyValue:StringEquals:ForAnyValue": {} }), "Statement[0].Condition", /not known/],
    [
      "unknown key",
      condition({ StringEquals: { "aws:RequestTag/a": "1" } }),
      'Statement[0].Condition.StringEquals["aws:RequestTag/a"]',
      /not known/,
    ],
    [
      "tag key missing",
      condition({ StringEquals: { "aws:ResourceTag/": "1" } }),
      'Statement[0].Condition.StringEquals["aws:ResourceTag/"]',
      /not known/,
    ],
    [
      "operator of another type",
      condition({ IpAddress: { "cloudtrail:ExternalId": "192.0.2.1" } }),
      'Statement[0].Condition.IpAddress["cloudtrail:ExternalId"]',
      /type ip/,
    ],
    [
      "no values",
      condition({ StringEquals: { "aws:PrincipalArn": [] } }),
      'Statement[0].Condition.StringEquals["aws:PrincipalArn"]',
      /at least one/,
    ],
    [
      "a number",
      condition({ StringEquals: { "aws:PrincipalArn": 1 } }),
      'Statement[0].Condition.StringEquals["aws:PrincipalArn"]',
      /strings/,
    ],
    [
      "not a block",
      condition({ IpAddress: { "aws:SourceIp": "192.0.2.0/33" } }),
      'Statement[0].Condition.IpAddress["aws:SourceIp"]',
      /CIDR/,
    ],
    [
      "not a date",
      condition({ DateEquals: { "aws:CurrentTime": "2026-02-30" } }),
      'Statement[0].Condition.DateEquals["aws:CurrentTime"]',
      /ISO 8601/,
    ],
    [
      "not an ARN",
      condition({ ArnLike: { "aws:PrincipalArn": "*" } }),
      'Statement[0].Condition.ArnLike["aws:PrincipalArn"]',
      /six parts/,
    ],
    [
      "external id of one character",
      document(statement(externalId("x"))),
      'Statement[0].Condition.StringEquals["cloudtrail:ExternalId"]',
      /1224/,
    ],
    [
      "external id with a space",
      document(statement(externalId("a b"))),
      'Statement[0].Condition.StringEquals["cloudtrail:ExternalId"]',
      /letters/,
    ],
    [
      "external id too long",
      document(statement(externalId("x".repeat(1225)))),
      'Statement[0].Condition.StringEquals["cloudtrail:ExternalId"]',
      /1224/,
    ],
    [
      "policy variable",
      condition({ StringEquals: { "aws:ResourceTag/a": "${aws:username}" } }),
      'Statement[0].Condition.StringEquals["aws:ResourceTag/a"]',
      /variables/,
    ],
  ])("%s", (_, value, path, rule) => {
    const error = refusal(() => parse(value));
    expect(error.code).toBe("RESOURCE_POLICY_NOT_VALID");
    expect(error.path).toBe(path);
    expect(error.rule).toMatch(rule);
    expect(error.message).toContain(path);
  });

  test("the ARN of a store", () =>
    expect(refusal(() => parseChannelPolicy("{}", channelArn.replace("channel", "eventdatastore"))).message).toMatch(
      /channel/,
    ));
});

const parsed = (parts: Record<string, unknown>) =>
  parseChannelPolicy(JSON.stringify(document(statement({ Principal: "*", ...parts }))), channelArn, {
    allowAnyPrincipal: true,
  });

test('"*" stands where an option allows it: in a Deny, or in an Allow that a condition restricts', () => {
  expect(() => parsed({ Effect: "Deny" })).not.toThrow();
  expect(() => parsed(externalId("id-1"))).not.toThrow();
  for (const open of [
    {},
    { StringLike: { "cloudtrail:ExternalId": "*" } },
    { StringNotEquals: { "cloudtrail:ExternalId": "id-1" } },
    { StringEqualsIfExists: { "cloudtrail:ExternalId": "id-1" } },
    { "ForAllValues:StringEquals": { "cloudtrail:ExternalId": "id-1" } },
    { Bool: { "aws:SecureTransport": "true" } },
    { ArnLike: { "aws:PrincipalArn": "arn:*:*:*:*:*" } },
  ])
    expect(refusal(() => parsed({ Condition: open })).rule).toMatch(/needs a condition/);
});

describe("nothing but PolicyInvalid is thrown", () => {
  const storeArn = channelArn.replace("channel", "eventdatastore");
  const parsers = [
    (text: string) => parseChannelPolicy(text, channelArn),
    (text: string) => parseIdentityPolicy(text),
    (text: string) => parseEventDataStorePolicy(text, storeArn),
  ];
  /** What the parsers threw that is no PolicyInvalid. */
  const surprises = (text: string) =>
    parsers.flatMap((parser) => {
      try {
        parser(text);
        return [];
      } catch (error) {
        return error instanceof PolicyInvalid ? [] : [error];
      }
    });
  const anyText = fc.string({ unit: "binary", maxLength: 200 });
  test.each([
    ["text", anyText],
    ["JSON", fc.json({ maxDepth: 5 })],
  ])("on any %s", (_, texts) => {
    const property = fc.property(texts, (text) => {
      expect(surprises(text)).toEqual([]);
    });
    expect(() => fc.assert(property)).not.toThrow();
  });
  test("on a valid policy with one place replaced by any JSON", () => {
    const base = document(statement({ Sid: "s", Condition: { StringEquals: { "aws:PrincipalArn": "x" } } }));
    const places: string[][] = [["Version"], ["Statement"], ["Id"]];
    for (const key of ["Sid", "Effect", "Principal", "Action", "Resource", "Condition", "NotAction"])
      places.push(["Statement", "0", key]);
    places.push(["Statement", "0", "Principal", "AWS"], ["Statement", "0", "Condition", "StringEquals"]);
    places.push(
      ["Statement", "0", "Condition", "Null"],
      ["Statement", "0", "Condition", "StringEquals", "aws:PrincipalArn"],
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        const text = JSON.stringify(replaced(base, place, value));
        expect(surprises(text)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("event data store policies", () => {
  const storeArn = channelArn.replace("channel", "eventdatastore");
  const query = (parts: Record<string, unknown> = {}) => ({
    Effect: "Allow",
    Principal: { AWS: partner },
    Action: ["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"],
    Resource: storeArn,
    ...parts,
  });
  const read = (parts?: Record<string, unknown>) =>
    parseEventDataStorePolicy(JSON.stringify(document(query(parts))), storeArn);

  test("accept the listed actions, and CloudTrail as a service", () => {
    expect(read().statements[0]!.actions).toEqual(["cloudtrail:StartQuery", "cloudtrail:GetQueryResults"]);
    const dashboard = {
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": owner } },
    };
    expect(read(dashboard).statements[0]!.principals).toEqual([
      { kind: "service", service: "cloudtrail.amazonaws.com" },
    ]);
  });
  test.each<[string, Record<string, unknown>, RegExp]>([
    ["another action", { Action: "cloudtrail:DeleteEventDataStore" }, /is not one of/],
    ["a wildcard action", { Action: "cloudtrail:*" }, /is not one of/],
    ["another service", { Principal: { Service: "s3.amazonaws.com" } }, /is not one of/],
    ["another resource", { Resource: "*" }, /nothing else/],
    ["an external id", externalId("id-1"), /not known/],
  ])("refuse %s", (_, parts, rule) => expect(refusal(() => read(parts)).rule).toMatch(rule));
});

/** A copy of `value` with what stands at `place` replaced. */
function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const entries: Record<string, unknown> = { ...Object(value) };
  const member = replaced(entries[key], rest, by);
  return Array.isArray(value) ? value.with(Number(key), member) : { ...entries, [key]: member };
}

function refusal(run: () => unknown): PolicyInvalid {
  try {
    run();
  } catch (error) {
    if (error instanceof PolicyInvalid) return error;
    throw error;
  }
  throw new Error("The policy was accepted.");
}
