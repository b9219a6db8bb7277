import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as ours from "../src/index.ts";
import { type ClientModule, implementations } from "./contract.ts";
import { type Answer, ok, refusal, scriptedServer } from "./scripted-server.ts";
import { authorization, expectedSignature } from "./signature.ts";

const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "not-a-real-secret" };
const channelArn = "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-000000000001";
const auditEvents = [
  {
    id: "a-1",
    eventData: '{"version":"1.0","name":"Zoë 😀"}',
    eventDataChecksum: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
  },
  { id: "a-2", eventData: "{}" },
];
const input = { channelArn, externalId: "partner+7/=,.@:_-", auditEvents };

beforeEach(() => {
  for (const name of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_CLOUDTRAIL_DATA", "AWS_PROFILE", "AWS_MAX_ATTEMPTS"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe.each(
  implementations.map(([name, module]) => ({
    title: module === undefined ? `${name} is not installed: skipped` : name,
    module,
  })),
)("$title", ({ module }) => {
  describe.skipIf(module === undefined)("keeps the contract", () => {
    contract(module ?? ours);
  });
});

function contract(module: ClientModule): void {
  const { CloudTrailDataClient: Client, PutAuditEventsCommand: Command } = module;

  /** Sends one request to a server that follows the script. */
  async function run(script: readonly Answer[], options: { maxAttempts?: number; requestTimeout?: number } = {}) {
    await using server = await scriptedServer(...script);
    const client = new Client({
      region: "us-east-1",
      endpoint: server.endpoint,
      credentials,
      ...(options.maxAttempts === undefined ? {} : { maxAttempts: options.maxAttempts }),
      ...(options.requestTimeout === undefined
        ? {}
        : { requestHandler: { requestTimeout: options.requestTimeout, throwOnRequestTimeout: true } }),
    });
    try {
      const outcome = await client.send(new Command(input)).then(
        (output) => ({ output, error: undefined }),
        (error: unknown) => ({ output: undefined, error }),
      );
      return { ...outcome, requests: server.requests };
    } finally {
      client.destroy();
    }
  }

  test("one POST with the channel and the external id in the query, the events in the body", async () => {
    const { requests } = await run([ok()]);
    expect(requests).toHaveLength(1);
    const { method, url, headers, body } = requests[0]!;
    expect(method).toBe("POST");
    const [path, query] = url.split("?");
    expect(path).toBe("/PutAuditEvents");
    expect(new URLSearchParams(query)).toEqual(new URLSearchParams({ channelArn, externalId: input.externalId }));
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["content-length"]).toBe(String(body.length));
    expect(JSON.parse(body.toString())).toEqual({ auditEvents });
  });

  test("signed by SigV4 for cloudtrail-data, body and query included", async () => {
    const { requests } = await run([ok()]);
    const { accessKeyId, scope, signedHeaders, signature } = authorization(requests[0]!);
    expect(accessKeyId).toBe(credentials.accessKeyId);
    expect(scope).toMatch(/^\d{8}\/us-east-1\/cloudtrail-data\/aws4_request$/);
    expect(signedHeaders).toEqual(expect.arrayContaining(["host", "x-amz-date"]));
    expect(signature).toBe(expectedSignature(requests[0]!, credentials.secretAccessKey));
  });

  test("both lists are the answer's, failed entries throw nothing", async () => {
    const successful = [{ id: "a-1", eventID: "6e8bb6a4-0000-8000-8000-000000000001" }];
    const failed = [{ id: "a-2", errorCode: "FieldNotFound", errorMessage: "version is missing" }];
    const { output } = await run([ok({ failed, successful })]);
    expect(output).toMatchObject({
      successful,
      failed,
      $metadata: { httpStatusCode: 200, requestId: "request-1", attempts: 1 },
    });
  });

  describe.each([
    "ChannelInsufficientPermission",
    "ChannelNotFound",
    "ChannelUnsupportedSchema",
    "DuplicatedAuditEventId",
    "InvalidChannelARN",
    "UnsupportedOperationException",
  ] as const)("%s", (name) => {
    test.each<[string, Answer]>([
      ["in the header", refusal(400, name)],
      ["in the header with a URI", refusal(400, name, { "x-amzn-errortype": `${name}:http://internal.example.com/` })],
      [
        "in the body alone",
        {
          status: 400,
          headers: { "x-amzn-requestid": "request-1" },
          body: JSON.stringify({ __type: `com.example#${name}`, message: `${name} it is.` }),
        },
      ],
    ])("%s", async (_, answer) => {
      const { error, requests } = await run([answer]);
      expect(error).toBeInstanceOf(module[name]);
      expect(error).toBeInstanceOf(module.CloudTrailDataServiceException);
      expect(error).toMatchObject({
        name,
        message: `${name} it is.`,
        $fault: "client",
        $metadata: { httpStatusCode: 400, requestId: "request-1", attempts: 1 },
      });
      expect(requests).toHaveLength(1);
    });
  });

  test.each([
    [403, "AccessDeniedException"],
    [403, "UnrecognizedClientException"],
    [400, "ValidationException"],
    [413, "RequestEntityTooLargeException"],
  ])("%i %s: the base class, told apart by name, not retried", async (status, name) => {
    const { error, requests } = await run([refusal(status, name)]);
    expect(error).toBeInstanceOf(module.CloudTrailDataServiceException);
    expect(error).not.toBeInstanceOf(module.ChannelNotFound);
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status, attempts: 1 } });
    expect(requests).toHaveLength(1);
  });

  test.each<[string, Answer]>([
    ["500", refusal(500, "InternalFailure")],
    ["503 that a proxy wrote", { status: 503, body: "<html>busy</html>" }],
    ["429", refusal(429, "ThrottlingException")],
    ["400 ThrottlingException", refusal(400, "ThrottlingException")],
    ["a connection cut before the answer", "cut"],
  ])("retried with the same bytes: %s", async (_, first) => {
    const { output, requests } = await run([first, ok()]);
    expect(output?.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
    expect(requests).toHaveLength(2);
    expect(requests[1]!.body).toEqual(requests[0]!.body);
    expect(requests[1]!.url).toBe(requests[0]!.url);
  });

  test("three attempts by default, then the last error", async () => {
    const { error, requests } = await run([refusal(500, "InternalFailure")]);
    expect(error).toMatchObject({
      name: "InternalFailure",
      $fault: "server",
      $metadata: { httpStatusCode: 500, attempts: 3 },
    });
    expect(requests).toHaveLength(3);
  });

  test("maxAttempts counts the first", async () => {
    const { error, requests } = await run([refusal(500, "InternalFailure")], { maxAttempts: 1 });
    expect(error).toMatchObject({ $metadata: { attempts: 1 } });
    expect(requests).toHaveLength(1);
  });

  test("no answer within the request time-out: TimeoutError", async () => {
    const { error } = await run(["silence"], { maxAttempts: 1, requestTimeout: 50 });
    expect(error).toMatchObject({ name: "TimeoutError", $metadata: { attempts: 1 } });
  });

  test("a clock that is off is corrected by the server's Date", async () => {
    const serverTime = new Date(Date.now() + 3_600_000);
    const { output, requests } = await run([
      refusal(403, "InvalidSignatureException", { date: serverTime.toUTCString() }),
      ok(),
    ]);
    expect(output?.$metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
    const signedAt = String(requests[1]!.headers["x-amz-date"]).replace(
      /^(....)(..)(..)T(..)(..)(..)Z$/,
      "$1-$2-$3T$4:$5:$6Z",
    );
    expect(Math.abs(Date.parse(signedAt) - serverTime.getTime())).toBeLessThan(60_000);
    expect(authorization(requests[1]!).signature).toBe(expectedSignature(requests[1]!, credentials.secretAccessKey));
  });

  test("an abort ends the call", async () => {
    await using server = await scriptedServer("silence");
    const client = new Client({ region: "us-east-1", endpoint: server.endpoint, credentials });
    const controller = new AbortController();
    const arrival = server.arrival();
    const sent = client.send(new Command(input), { abortSignal: controller.signal });
    await arrival;
    controller.abort();
    await expect(sent).rejects.toMatchObject({ name: "AbortError" });
    expect(server.requests).toHaveLength(1);
    client.destroy();
  });

  test("region, endpoint, key and attempts from the environment; the service's own endpoint wins", async () => {
    await using server = await scriptedServer(refusal(500, "InternalFailure"));
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDENVIRONMENT");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", credentials.secretAccessKey);
    vi.stubEnv("AWS_SESSION_TOKEN", "token-1");
    vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    vi.stubEnv("AWS_ENDPOINT_URL_CLOUDTRAIL_DATA", `${server.endpoint}/base/`);
    const client = new Client({});
    await expect(client.send(new Command(input))).rejects.toMatchObject({ name: "InternalFailure" });
    expect(server.requests).toHaveLength(1);
    const request = server.requests[0]!;
    expect(request.url).toMatch(/^\/base\/PutAuditEvents\?/);
    expect(request.headers["x-amz-security-token"]).toBe("token-1");
    expect(authorization(request)).toMatchObject({
      accessKeyId: "AKIDENVIRONMENT",
      scope: expect.stringMatching(/\/eu-west-1\/cloudtrail-data\//),
    });
    client.destroy();
  });

  test("region, endpoint and key from the profile", async () => {
    await using server = await scriptedServer(ok());
    const folder = await mkdtemp(join(tmpdir(), "profile-"));
    const lines = [
      "[profile lake]",
      "region = eu-north-1",
      "services = lake-services",
      "aws_access_key_id = AKIDPROFILE",
      `aws_secret_access_key = ${credentials.secretAccessKey}`,
      "[services lake-services]",
      "cloudtrail_data =",
      `  endpoint_url = ${server.endpoint}`,
    ];
    await writeFile(join(folder, "config"), lines.join("\n"));
    for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
      vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
    vi.stubEnv("AWS_PROFILE", "lake");
    const client = new Client({});
    await client.send(new Command(input));
    expect(authorization(server.requests[0]!)).toMatchObject({
      accessKeyId: "AKIDPROFILE",
      scope: expect.stringMatching(/\/eu-north-1\/cloudtrail-data\//),
    });
    client.destroy();
    await rm(folder, { recursive: true });
  });

  test("a base path of the endpoint is kept and signed", async () => {
    await using server = await scriptedServer(ok());
    const client = new Client({ region: "us-east-1", endpoint: `${server.endpoint}/lake`, credentials });
    await client.send(new Command(input));
    expect(server.requests[0]!.url).toMatch(/^\/lake\/PutAuditEvents\?/);
    expect(authorization(server.requests[0]!).signature).toBe(
      expectedSignature(server.requests[0]!, credentials.secretAccessKey),
    );
    client.destroy();
  });
}

/** Sends one request by our client, once. */
const send = async (answer: Answer) => {
  await using server = await scriptedServer(answer);
  const client = new ours.CloudTrailDataClient({
    region: "us-east-1",
    endpoint: server.endpoint,
    credentials,
    maxAttempts: 1,
    customUserAgent: [["shipper", "1.2"], ["canary"]],
  });
  const result: unknown = await client.send(new ours.PutAuditEventsCommand(input)).catch((error: unknown) => error);
  client.destroy();
  return { result, userAgent: server.requests[0]!.headers["user-agent"] };
};

describe("beyond the contract, ours", () => {
  test("Retry-After is on the exception, in seconds", async () => {
    const inTen = new Date(Date.now() + 10_000).toUTCString();
    expect((await send(refusal(429, "ThrottlingException", { "retry-after": "7" }))).result).toMatchObject({
      $retryAfterSeconds: 7,
      $retryable: { throttling: true },
    });
    const dated = (await send(refusal(503, "ServiceUnavailable", { "retry-after": inTen }))).result;
    expect(dated).toMatchObject({ $retryAfterSeconds: expect.any(Number), $retryable: {} });
    expect([9, 10]).toContain(Reflect.get(Object(dated), "$retryAfterSeconds"));
    const plain = (await send(refusal(400, "ChannelNotFound"))).result;
    expect(plain).not.toHaveProperty("$retryAfterSeconds");
    expect(plain).not.toHaveProperty("$retryable");
  });

  test("an error without a code or a JSON body still says its status", async () => {
    const { result } = await send({ status: 502, body: "<html>bad gateway</html>" });
    expect(result).toMatchObject({
      name: "UnknownError",
      message: "HTTP status 502",
      $fault: "server",
      $metadata: { httpStatusCode: 502 },
    });
  });

  test("says who it is", async () => {
    const { userAgent } = await send(ok());
    expect(userAgent).toMatch(/^tributary-client\/\d+\.\d+\.\d+ .*shipper\/1\.2 canary$/);
  });

  test("an endpoint that is no URL is refused at once, from the environment by the first call", async () => {
    expect(() => new ours.CloudTrailDataClient({ endpoint: "localhost:8080" })).toThrow(/is not an http/);
    vi.stubEnv("AWS_ENDPOINT_URL", "localhost:8080");
    const client = new ours.CloudTrailDataClient({ region: "us-east-1", credentials, maxAttempts: 1 });
    await expect(client.send(new ours.PutAuditEventsCommand(input))).rejects.toThrow(/is not an http/);
    client.destroy();
  });

  test("a missing region is named, with the fix", async () => {
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", undefined);
    const client = new ours.CloudTrailDataClient({ endpoint: "http://127.0.0.1:9", credentials, maxAttempts: 1 });
    await expect(client.send(new ours.PutAuditEventsCommand(input))).rejects.toThrow(/region/i);
    client.destroy();
  });
});
