import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, type RawRequest, TestLake, account, entry } from "./test-lake.ts";

let lake: TestLake;
let channelArn: string;
beforeAll(async () => {
  lake = await TestLake.start();
  channelArn = await lake.channel([await lake.store()]);
});
afterAll(() => lake.close());

/** What a client sees of a refusal. */
function refusalOf(answer: Answer): object {
  const { headers, json, status } = answer;
  return {
    status,
    type: json["__type"],
    header: headers["x-amzn-errortype"],
    mediaType: headers["content-type"],
    requestId: /^[0-9a-f-]{36}$/.test(String(headers["x-amzn-requestid"])),
    queryError: headers["x-amzn-query-error"],
    members: Object.keys(json).toSorted(),
    message: (json.message ?? json.Message ?? "").length > 0,
  };
}

const common = { requestId: true, queryError: undefined, message: true };

/** The data plane's form, spec 1.4. */
function dataRefusal(status: number, shape: string): object {
  return {
    ...common,
    status,
    type: shape,
    header: shape,
    mediaType: "application/json",
    members: ["__type", "message"],
  };
}

/** The control plane's, spec 2.1. */
function controlRefusal(status: number, shape: string): object {
  const mediaType = "application/x-amz-json-1.1";
  return { ...common, status, type: shape, header: shape, mediaType, members: ["Message", "__type"] };
}

describe("the data plane", () => {
  const body = JSON.stringify({ auditEvents: [entry("a")] });
  const json = { "content-type": "application/json" };
  const cases: readonly [string, RawRequest, number, string][] = [
    ["text that is not JSON", { body: "{" }, 400, "SerializationException"],
    ["text after the JSON", { body: `${body}x` }, 400, "SerializationException"],
    ["a comment", { body: `${body}/**/` }, 400, "SerializationException"],
    ["a trailing comma", { body: '{"auditEvents":[],}' }, 400, "SerializationException"],
    [
      "raw newlines in a string",
      { body: '{"auditEvents":[{"id":"1","eventData":"{\n}"}]}' },
      400,
      "SerializationException",
    ],
    ["a list as body", { body: "[]" }, 400, "SerializationException"],
    ["a number as body", { body: "10" }, 400, "SerializationException"],
    ["null as body", { body: "null" }, 400, "SerializationException"],
    ["a byte order mark", { body: `\ufeff${body}` }, 400, "SerializationException"],
    ["bytes that are not UTF-8", { body: Buffer.from([0x7b, 0xff, 0x7d]) }, 400, "SerializationException"],
    ["auditEvents of another type", { body: '{"auditEvents":{}}' }, 400, "SerializationException"],
    ["an entry of another type", { body: '{"auditEvents":["a"]}' }, 400, "SerializationException"],
    ["an id of another type", { body: '{"auditEvents":[{"id":1,"eventData":"{}"}]}' }, 400, "SerializationException"],
    ["no body", { body: "" }, 400, "ValidationException"],
    ["no auditEvents", { body: "{}" }, 400, "ValidationException"],
    ["no entries", { body: '{"auditEvents":[]}' }, 400, "ValidationException"],
    [
      "101 entries",
      { body: JSON.stringify({ auditEvents: Array.from({ length: 101 }, (_, at) => entry(`e${at}`)) }) },
      400,
      "ValidationException",
    ],
    [
      "an id outside the pattern",
      { body: JSON.stringify({ auditEvents: [entry("a b")] }) },
      400,
      "ValidationException",
    ],
    [
      "an id of 129 characters",
      { body: JSON.stringify({ auditEvents: [entry("a".repeat(129))] }) },
      400,
      "ValidationException",
    ],
    ["an entry without eventData", { body: '{"auditEvents":[{"id":"1"}]}' }, 400, "ValidationException"],
    ["no channelArn", { query: {} }, 400, "ValidationException"],
    ["an externalId of one character", { query: { channelArn: "x", externalId: "a" } }, 400, "ValidationException"],
    [
      "an externalId outside the pattern",
      { query: { channelArn: "x", externalId: "a b" } },
      400,
      "ValidationException",
    ],
    ["another content type", { headers: { "content-type": "text/plain" } }, 415, "UnsupportedMediaTypeException"],
    [
      "another content encoding",
      { headers: { ...json, "content-encoding": "br" } },
      415,
      "UnsupportedMediaTypeException",
    ],
    ["gzip that is none", { headers: { ...json, "content-encoding": "gzip" } }, 400, "SerializationException"],
    [
      "an ARN of another service",
      { query: { channelArn: `arn:aws:s3:us-east-1:${account}:channel/x` } },
      400,
      "InvalidChannelARN",
    ],
    [
      "an ARN of a store",
      { query: { channelArn: `arn:aws:cloudtrail:us-east-1:${account}:eventdatastore/x` } },
      400,
      "InvalidChannelARN",
    ],
    [
      "an ARN of another region",
      { query: { channelArn: `arn:aws:cloudtrail:eu-west-1:${account}:channel/x` } },
      400,
      "InvalidChannelARN",
    ],
    [
      "an ARN of another partition",
      { query: { channelArn: `arn:aws-cn:cloudtrail:us-east-1:${account}:channel/x` } },
      400,
      "InvalidChannelARN",
    ],
    ["text that is no ARN", { query: { channelArn: "not an arn" } }, 400, "InvalidChannelARN"],
    ["an unknown id", { query: { channelArn: "00000000-0000-4000-8000-000000000000" } }, 400, "ChannelNotFound"],
    [
      "an unknown channel of the caller's account",
      { query: { channelArn: `arn:aws:cloudtrail:us-east-1:${account}:channel/00000000-0000-4000-8000-000000000000` } },
      400,
      "ChannelNotFound",
    ],
    [
      "two entries of one id",
      { body: JSON.stringify({ auditEvents: [entry("a"), entry("b"), entry("a")] }) },
      400,
      "DuplicatedAuditEventId",
    ],
    [
      "events of more than 1 MiB together",
      {
        body: JSON.stringify({
          auditEvents: ["a", "b", "c", "d", "e"].map((id) => ({ id, eventData: "x".repeat(220_000) })),
        }),
      },
      400,
      "ValidationException",
    ],
    ["no signature", { unsigned: true }, 403, "MissingAuthenticationToken"],
    ["a signature for the control plane", { service: "cloudtrail" }, 403, "InvalidSignatureException"],
    ["a signature for another region", { region: "eu-west-1" }, 403, "InvalidSignatureException"],
    [
      "an unknown key",
      { key: { accessKeyId: "TRIBAAAAAAAAAAAAAAAA", secretAccessKey: "x" } },
      403,
      "InvalidSignatureException",
    ],
    ["an old signature", { signingDate: new Date(Date.now() - 20 * 60_000) }, 400, "RequestExpired"],
  ];
  test.each(cases)("refuses %s", async (_name, raw, status, shape) => {
    const request: RawRequest = {
      service: "cloudtrail-data",
      path: "/PutAuditEvents",
      query: { channelArn },
      headers: json,
      body,
      ...raw,
    };
    expect(refusalOf(await lake.send(request))).toEqual(dataRefusal(status, shape));
  });

  test("validation errors are in Smithy's words", async () => {
    const answer = await lake.put(channelArn, [{ id: "", eventData: null }]);
    expect(answer.json.message).toBe(
      "2 validation errors detected. Value with length 0 at '/auditEvents/0/id' failed to satisfy constraint: Member must have length between 1 and 128, inclusive; Value at '/auditEvents/0/eventData' failed to satisfy constraint: Member must not be null",
    );
  });

  test("a list far too long is refused by its length, its entries unread", async () => {
    const answer = await lake.put(channelArn, [], { body: `{"auditEvents":[${"{},".repeat(100_000)}{}]}` });
    expect(refusalOf(answer)).toEqual(dataRefusal(400, "ValidationException"));
    expect(answer.json.message).toBe(
      "1 validation error detected. Value with length 100001 at '/auditEvents' failed to satisfy constraint: Member must have length between 1 and 100, inclusive",
    );
  });

  test("a body above 8 MiB is refused with 413, declared or not, plain or inflated", async () => {
    const large = `{"pad":"${"x".repeat(8 * 1024 * 1024)}"}`;
    const refusal = dataRefusal(413, "RequestEntityTooLargeException");
    expect(refusalOf(await lake.put(channelArn, [], { body: large }))).toEqual(refusal);
    const chunked = await lake.put(channelArn, [], {
      body: large,
      tamper: ({ headers }) => (headers["transfer-encoding"] = "chunked"),
    });
    expect(refusalOf(chunked)).toEqual(refusal);
    const inflated = await lake.put(channelArn, [], { body: gzipSync(large), headers: { "content-encoding": "gzip" } });
    expect(refusalOf(inflated)).toEqual(refusal);
  });

  test("a gzipped body is accepted, its signature over the bytes sent", async () => {
    const answer = await lake.put(channelArn, [], { body: gzipSync(body), headers: { "content-encoding": "gzip" } });
    expect(answer).toMatchObject({ status: 200, json: { failed: [], successful: [{ id: "a" }] } });
  });
});

describe("the control plane", () => {
  const cases: readonly [string, RawRequest, number, string][] = [
    [
      "an operation that nobody has",
      { headers: { "x-amz-target": "CloudTrail_20131101.DropTables" } },
      404,
      "UnknownOperationException",
    ],
    [
      "another service's target",
      { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } },
      404,
      "UnknownOperationException",
    ],
    ["no target", { headers: { "x-amz-target": "" } }, 404, "UnknownOperationException"],
    [
      "an operation of CloudTrail that the lake lacks",
      { headers: { "x-amz-target": "CloudTrail_20131101.CreateTrail" } },
      400,
      "UnsupportedOperationException",
    ],
    ["another path", { path: "/other" }, 404, "UnknownOperationException"],
    ["another method", { method: "GET", body: "" }, 404, "UnknownOperationException"],
    ["another content type", { headers: { "content-type": "application/json" } }, 415, "UnsupportedMediaTypeException"],
    ["text that is not JSON", { body: "{" }, 400, "SerializationException"],
    ["a member of another type", { body: '{"MaxResults":"ten"}' }, 400, "SerializationException"],
    ["a number out of range", { body: '{"MaxResults":0}' }, 400, "InvalidParameterException"],
    ["a token of nobody", { body: '{"NextToken":"abcdefgh"}' }, 400, "InvalidNextTokenException"],
    ["no signature", { unsigned: true }, 403, "MissingAuthenticationToken"],
    ["a signature for the data plane", { service: "cloudtrail-data" }, 403, "InvalidSignatureException"],
  ];
  test.each(cases)("refuses %s", async (_name, raw, status, shape) => {
    const { body = "{}", headers, ...rest } = raw;
    const answer = await lake.control("ListChannels", String(body), { ...rest, ...(headers && { headers }) });
    expect(refusalOf(answer)).toEqual(controlRefusal(status, shape));
  });

  test("both prefixes of the target name the operation", async () => {
    for (const prefix of ["CloudTrail_20131101", "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101"]) {
      const answer = await lake.control("", {}, { headers: { "x-amz-target": `${prefix}.ListChannels` } });
      expect(answer.status).toBe(200);
    }
  });

  test.each([
    ["no HTTP at all", "\u0016\u0003\u0001 hello\r\n\r\n", "400"],
    ["headers of 20 kB", `POST / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(20_000)}\r\n\r\n`, "431"],
    ["no Host header", "POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", "403"],
    ["an expectation that nobody knows", "POST / HTTP/1.1\r\nHost: x\r\nExpect: x\r\nConnection: close\r\n\r\n", "403"],
  ])("%s is answered with a request id and a closed connection", async (_name, bytes, status) => {
    const socket = connect(Number(new URL(lake.url).port), "127.0.0.1");
    socket.end(bytes);
    let text = "";
    for await (const chunk of socket as AsyncIterable<Buffer>) text += chunk.toString();
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toMatch(/x-amzn-requestid: [0-9a-f-]{36}/i);
  });

  test("who keeps silent after a refusal is cut off", async () => {
    const accepted = new Promise<Socket>((resolve) => {
      const listener = (message: unknown): void => {
        unsubscribe("net.server.socket", listener);
        resolve((message as { readonly socket: Socket }).socket);
      };
      subscribe("net.server.socket", listener);
    });
    const client = connect({ port: Number(new URL(lake.url).port), host: "127.0.0.1", allowHalfOpen: true });
    client.resume();
    client.write("no HTTP\r\n\r\n");
    const socket = await accepted;
    await once(socket, "close");
    expect(socket.bytesWritten).toBeGreaterThan(0);
    client.destroy();
  });

  test("a client may go away in the middle of a body", async () => {
    const socket = connect(Number(new URL(lake.url).port), "127.0.0.1");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    socket.end();
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    // The server has noticed by the time it answers another.
    expect((await lake.control("ListChannels", {})).status).toBe(200);
  });

  test("no refusal was a fault of the server", () => {
    expect(lake.faults.filter(({ level }) => level !== "debug")).toEqual([]);
  });
});
