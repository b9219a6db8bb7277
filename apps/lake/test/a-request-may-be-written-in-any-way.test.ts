import { afterAll, beforeAll, expect, test } from "vitest";
import { TestLake, account, entry, otherAccount } from "./test-lake.ts";

let lake: TestLake;
let arn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  arn = await lake.channel([await lake.store()]);
});
afterAll(() => lake.close());

/** The query string as sent, for a signature over the parameters channelArn and, where given, externalId. */
type Spelling = readonly [name: string, write: (arn: string) => string, externalId: string | undefined];

const encoded = encodeURIComponent;
const lower = (text: string): string => text.toLowerCase();
const same: readonly Spelling[] = [
  ["percent-encoded, as botocore does", (text) => `channelArn=${encoded(text)}`, undefined],
  ["in small hexadecimal digits", (text) => `channelArn=${encoded(text).replaceAll(/%../g, lower)}`, undefined],
  ["colons and slashes as they are", (text) => `channelArn=${text}`, undefined],
  ["encoded in part", (text) => `channelArn=${encoded(text).replace("%3A", ":")}`, undefined],
  [
    "every character encoded",
    (text) => `channelArn=${Buffer.from(text).toString("hex").replaceAll(/../g, "%$&")}`,
    undefined,
  ],
  ["the name encoded", (text) => `channel%41rn=${encoded(text)}`, undefined],
  ["with empty pairs", (text) => `&channelArn=${encoded(text)}&&`, undefined],
  ["in the other order", (text) => `externalId=ab&channelArn=${encoded(text)}`, "ab"],
  ["a plus encoded", (text) => `channelArn=${encoded(text)}&externalId=a%2Bb`, "a+b"],
  ["a plus as it is, which is no space", (text) => `channelArn=${encoded(text)}&externalId=a+b`, "a+b"],
  ["an equals sign as it is", (text) => `channelArn=${encoded(text)}&externalId=a=b`, "a=b"],
];

test.each(same)("one signature is for every spelling of the query: %s", async (_name, write, externalId) => {
  const query = { channelArn: arn, ...(externalId !== undefined && { externalId }) };
  const answer = await lake.put(arn, [entry("a")], {
    query,
    tamper: (request) => (request.path = `/PutAuditEvents?${write(arn)}`),
  });
  expect(answer).toMatchObject({ status: 200, json: { failed: [], successful: [{ id: "a" }] } });
});

const channels: readonly (readonly [name: string, channel: (arn: string) => string, type: string])[] = [
  ["encoded twice", encoded, "InvalidChannelARN"],
  ["empty", () => "", "InvalidChannelARN"],
  ["with a space", (text) => ` ${text}`, "InvalidChannelARN"],
  ["with a newline", (text) => `${text}\n`, "InvalidChannelARN"],
  ["in capitals", (text) => text.toUpperCase(), "InvalidChannelARN"],
  ["of 11 digits", (text) => text.replace(account, account.slice(1)), "InvalidChannelARN"],
  ["a numeric id", () => "01234567890", "ChannelNotFound"],
  ["the id in capitals", (text) => text.split("/")[1]!.toUpperCase(), "ChannelNotFound"],
  ["the ARN's last part", (text) => `channel/${text.split("/")[1]!}`, "ChannelNotFound"],
  ["longer than it is", (text) => `${text}/x`, "ChannelNotFound"],
  ["of another account", (text) => text.replace(account, otherAccount), "ChannelInsufficientPermission"],
];

test.each(channels)("a channel that is not there is refused by its name: %s", async (_name, channel, type) => {
  const answer = await lake.put(arn, [entry("a")], { query: { channelArn: channel(arn) } });
  expect(answer).toMatchObject({ status: 400, json: { __type: type } });
});

test("a bare id is a channel of the caller's account, and of no other", async () => {
  const query = { channelArn: arn.split("/")[1]! };
  expect(await lake.put(arn, [entry("a")], { query })).toMatchObject({ status: 200 });
  const key = await lake.identity(otherAccount, "partner");
  expect(await lake.put(arn, [entry("a")], { query, key })).toMatchObject({
    status: 400,
    json: { __type: "ChannelNotFound" },
  });
});

test("half of a surrogate pair is no text: no control call takes one", async () => {
  const inputs = [
    ["AddTags", `{"ResourceId":"${arn}","TagsList":[{"Key":"a\\ud800"}]}`],
    ["AddTags", `{"ResourceId":"${arn}","TagsList":[{"Key":"a","Value":"\\uDC00b"}]}`],
    ["StartQuery", `{"QueryStatement":"SELECT '\\ud83d' FROM x"}`],
    ["ListChannels", `{"Other\\ud83d":${"[".repeat(20_000)}${"]".repeat(20_000)}}`],
  ] as const;
  for (const [operation, input] of inputs)
    expect(await lake.control(operation, input)).toMatchObject({
      status: 400,
      json: { __type: "SerializationException" },
    });
  const whole = `{"ResourceId":"${arn}","TagsList":[{"Key":"\\ud83d\\ude00"}]}`;
  expect(await lake.control("AddTags", whole)).toMatchObject({ status: 200 });
});
