import * as fc from "fast-check";
import { expect, test } from "vitest";
import { cloudTrailArn, formatArn, parseArn, parseCloudTrailArn } from "../src/index.ts";

const account = fc.stringMatching(/^[0-9]{12}$/);
const parts = fc.record({
  partition: fc.constantFrom("aws", "aws-cn", "aws-us-gov"),
  region: fc.constantFrom("us-east-1", "eu-west-3"),
  accountId: account,
  type: fc.constantFrom("channel", "eventdatastore", "dashboard", "trail"),
  id: fc.stringMatching(/^[A-Za-z0-9._/-]{1,36}$/),
});

test("what is built is parsed to the same parts", () => {
  fc.assert(
    fc.property(parts, (made) => {
      expect(parseCloudTrailArn(cloudTrailArn(made))).toMatchObject({ ...made, service: "cloudtrail" });
    }),
  );
});

test("what is parsed is formatted to the same text", () => {
  let parsedOnes = 0;
  const piece = fc.stringMatching(/^[a-z0-9/:-]{0,12}$/);
  const text = fc
    .tuple(piece, piece, piece, fc.oneof(account, fc.constant("")), piece)
    .map((all) => `arn:${all.join(":")}`);
  fc.assert(
    fc.property(text, (arn) => {
      const parsed = parseArn(arn);
      if (parsed === undefined) return;
      parsedOnes++;
      expect(formatArn(parsed)).toBe(arn);
    }),
  );
  expect(parsedOnes).toBeGreaterThan(10);
});

test("near misses are no ARN of CloudTrail", () => {
  const good = "arn:aws:cloudtrail:us-east-1:111122223333:channel/c";
  expect(parseCloudTrailArn(good)).toBeDefined();
  for (const bad of [
    "channel/c",
    good.slice(1),
    good.replace("1111", "111"),
    good.replace("cloudtrail:", "s3:"),
    good.replace("us-east-1", ""),
    good.replace("/c", ""),
    good.replace("/c", "/"),
    good.replace("channel/c", "channelc"),
    good.replace("channel", "channels"),
    `${good} `,
    `${good}\n`,
    good.replace("111122223333", "aws "),
  ])
    expect({ bad, parsed: parseCloudTrailArn(bad) }).toEqual({ bad, parsed: undefined });
  expect(() => cloudTrailArn({ region: "us-east-1", accountId: "1", type: "channel", id: "c" })).toThrow(
    expect.objectContaining({ code: "ARN_INVALID" }),
  );
});
