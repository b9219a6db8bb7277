import { Type as T } from "@sinclair/typebox";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PutAuditEventsRequest, checkShape, operations, shapeMessage, shapes } from "../src/index.ts";

const failed = "failed to satisfy constraint: Member must";
const cases: [
  name: string,
  shape: Parameters<typeof checkShape>[0],
  value: unknown,
  constraint: string,
  message: string,
][] = [
  ["a required member absent", shapes.GetChannelRequest, {}, "required", `Value at '/Channel' ${failed} not be null`],
  [
    "a required member null",
    shapes.GetChannelRequest,
    { Channel: null },
    "required",
    `Value at '/Channel' ${failed} not be null`,
  ],
  [
    "too short",
    shapes.GetChannelRequest,
    { Channel: "ab" },
    "length",
    `Value with length 2 at '/Channel' ${failed} have length between 3 and 256, inclusive`,
  ],
  [
    "too long, in code points",
    shapes.Tag,
    { Key: "𝒳".repeat(129) },
    "length",
    `Value with length 129 at '/Key' ${failed} have length between 1 and 128, inclusive`,
  ],
  [
    "too short, in code points",
    shapes.PaginationToken,
    "𝒳𝒳𝒳",
    "length",
    `Value with length 3 at '' ${failed} have length between 4 and 1000, inclusive`,
  ],
  [
    "only a maximum",
    shapes.TagsList,
    Array.from({ length: 201 }, () => ({ Key: "k" })),
    "length",
    `Value with length 201 at '' ${failed} have length less than or equal to 200`,
  ],
  [
    "only a minimum",
    shapes.Operator,
    [],
    "length",
    `Value with length 0 at '' ${failed} have length greater than or equal to 1`,
  ],
  [
    "a pattern",
    shapes.GetChannelRequest,
    { Channel: "a b c" },
    "pattern",
    `Value at '/Channel' ${failed} satisfy regular expression pattern: ^[a-zA-Z0-9._/\\-:]+$`,
  ],
  [
    "a pattern holds for the whole value",
    shapes.AccountId,
    "1111222233334\n",
    "pattern",
    `Value at '' ${failed} satisfy regular expression pattern: ^\\d+$`,
  ],
  [
    "a range",
    shapes.ListChannelsRequest,
    { MaxResults: 0 },
    "range",
    `Value at '/MaxResults' ${failed} be between 1 and 1000, inclusive`,
  ],
  [
    "an enumeration",
    shapes.DestinationType,
    "S3",
    "enum",
    `Value at '' ${failed} satisfy enum value set: [EVENT_DATA_STORE, AWS_SERVICE]`,
  ],
  ["an element null", shapes.QueryParameters, ["a", null], "required", `Value at '/1' ${failed} not be null`],
  [
    "an element of a list in a structure",
    shapes.AddTagsRequest,
    { ResourceId: "r", TagsList: [{ Key: "" }] },
    "length",
    `Value with length 0 at '/TagsList/0/Key' ${failed} have length between 1 and 128, inclusive`,
  ],
  [
    "a string that is a number",
    shapes.GetChannelRequest,
    { Channel: 1 },
    "type",
    "Value at '/Channel' must be a string",
  ],
  [
    "an integer with a fraction",
    shapes.ListChannelsRequest,
    { MaxResults: 1.5 },
    "type",
    "Value at '/MaxResults' must be an integer",
  ],
  [
    "a time that is a text",
    shapes.ListQueriesRequest,
    { EventDataStore: "abc", StartTime: "2026" },
    "type",
    "Value at '/StartTime' must be a number",
  ],
  [
    "a boolean that is a text",
    shapes.CreateEventDataStoreRequest,
    { Name: "abc", MultiRegionEnabled: "true" },
    "type",
    "Value at '/MultiRegionEnabled' must be a boolean",
  ],
  [
    "a list that is an object",
    shapes.ListTagsRequest,
    { ResourceIdList: {} },
    "type",
    "Value at '/ResourceIdList' must be a list",
  ],
  ["a structure that is a list", shapes.GetChannelRequest, [], "type", "Value at '' must be an object"],
  ["a map's value", shapes.QueryResultColumn, { "a/b~": 1 }, "type", "Value at '/a~1b~0' must be a string"],
];

test.for(cases)("%s", ([, shape, value, constraint, message]) => {
  const problems = checkShape(shape, value);
  expect(problems.map((problem) => [problem.constraint, problem.message])).toEqual([[constraint, message]]);
});

test("a good request has no problems; unknown members and nulls of optional ones are ignored", () => {
  expect(
    checkShape(shapes.CreateChannelRequest, {
      Name: "okta-channel",
      Source: "OktaSystemLogEvents",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location: "0c1d2e3f-0000-4000-8000-000000000001" }],
      Tags: null,
      Unknown: { deep: [1] },
    }),
  ).toEqual([]);
});

test("all problems are listed in the shape's order, in one text for the answer", () => {
  const entry = { id: "not allowed!", eventData: 1 };
  const problems = checkShape(PutAuditEventsRequest, { externalId: "x", auditEvents: [entry] });
  expect(problems.map(({ path }) => path)).toEqual([
    "/channelArn",
    "/externalId",
    "/auditEvents/0/id",
    "/auditEvents/0/eventData",
  ]);
  expect(shapeMessage(problems)).toMatch(
    /^4 validation errors detected\. Value at '\/channelArn' .*; Value with length 1 at /,
  );
  expect(shapeMessage(problems.slice(0, 1))).toMatch(/^1 validation error detected\. Value at/);
});

test("101 events are one problem, not 101", () => {
  const auditEvents = Array.from({ length: 101 }, () => ({}));
  expect(checkShape(PutAuditEventsRequest, { channelArn: "c", auditEvents })).toHaveLength(1);
});

test("every shape can be checked, and a kind that none uses is refused by name", () => {
  for (const { request, response } of Object.values(operations)) {
    expect(checkShape(request, 1)).toHaveLength(1);
    expect(checkShape(response, {}).every(({ constraint }) => constraint === "required")).toBe(true);
  }
  expect(() => checkShape(T.Date(), 1)).toThrow(expect.objectContaining({ code: "SHAPE_NOT_SUPPORTED" }));
});

test("lengths are judged as a count of code points would", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.nat({ max: 6 }),
      fc.nat({ max: 6 }),
      (text, one, two) => {
        const [minLength, maxLength] = [Math.min(one, two), Math.max(one, two)];
        const count = Array.from(text).length;
        expect(checkShape(T.String({ minLength, maxLength }), text)).toHaveLength(
          count < minLength || count > maxLength ? 1 : 0,
        );
      },
    ),
  );
});

test("the policy grammar takes one or a list, and nothing beside it", () => {
  const Resource = "arn:aws:cloudtrail:us-east-1:111122223333:channel/c";
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "444455556666" },
    Action: "cloudtrail-data:PutAuditEvents",
    Resource,
  };
  const condition = { StringEquals: { "cloudtrail:ExternalId": ["one", "two"] } };
  const several = {
    ...statement,
    Principal: { AWS: ["444455556666"] },
    Action: [statement.Action],
    Resource: [Resource],
    Condition: condition,
  };
  expect(checkShape(shapes.PolicyDocument, { Version: "2012-10-17", Statement: statement })).toEqual([]);
  expect(checkShape(shapes.PolicyDocument, { Version: "2012-10-17", Statement: [statement, several] })).toEqual([]);
  for (const wrong of [
    { Effect: "allow" },
    { Principal: "*" },
    { Action: "cloudtrail-data:*" },
    { Resource: [] },
    { Condition: { Bool: { k: true } } },
  ])
    expect(
      checkShape(shapes.PolicyDocument, { Version: "2012-10-17", Statement: { ...statement, ...wrong } }),
    ).not.toEqual([]);
});
