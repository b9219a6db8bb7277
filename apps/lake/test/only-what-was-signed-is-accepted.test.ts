import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { LakeRequest } from "../src/http/lake-request.ts";
import { Verifier } from "../src/sigv4/verifier.ts";
import { type Parts, type Signing, signedLakeRequest } from "./signed-lake-request.ts";

const credentials = { accessKeyId: "TRIBAAAABBBBCCCCDDDD", secretAccessKey: "secret/with+characters=" };
const now = Date.UTC(2026, 10, 22, 12);
const verifier = new Verifier({ region: "us-east-1", now: () => now });

const sign = (parts: Parts, options: Partial<Signing> = {}): Promise<LakeRequest> =>
  signedLakeRequest(parts, { credentials, at: now, ...options });

function verify(request: LakeRequest, secret: string | undefined = credentials.secretAccessKey): void {
  verifier.check(verifier.read(request, "cloudtrail-data"), secret);
}

function refusal(action: () => void): string {
  try {
    action();
  } catch (error) {
    return (error as { shape: string }).shape;
  }
  return "accepted";
}

const text = fc.string({ unit: fc.constantFrom(...Array.from("aZ09-_.~ +/:=,@%&é😀*'()!$;?#[]")), maxLength: 20 });
const parts: fc.Arbitrary<Parts> = fc.record({
  query: fc.dictionary(fc.constantFrom("channelArn", "externalId", "a", "A", "a b", "é"), text, {
    noNullPrototype: true,
  }),
  headers: fc.dictionary(
    fc.constantFrom("content-type", "x-amz-target", "x-custom"),
    fc
      .string({ unit: fc.constantFrom(...Array.from("abc /;=.")), minLength: 1, maxLength: 12 })
      .map((value) => value.trim() || "x"),
    { noNullPrototype: true },
  ),
  body: fc.string({ maxLength: 50 }),
  checksum: fc.boolean(),
});

test("what @smithy/signature-v4 signs is accepted, with and without x-amz-content-sha256", async () => {
  await fc.assert(
    fc.asyncProperty(parts, async (value) => {
      const request = await sign(value);
      expect(refusal(() => verify(request))).toBe("accepted");
      expect(request.headers["x-amz-content-sha256"] !== undefined).toBe(value.checksum);
    }),
  );
});

test("the content-type need not be signed: the AWS SDKs for JavaScript v2 and for PHP leave it out", async () => {
  const request = await sign({ query: {}, headers: {}, body: "{}", checksum: false });
  expect(refusal(() => verify(add(request, "content-type", "application/json")))).toBe("accepted");
});

type Mutation = readonly [string, (request: LakeRequest) => LakeRequest];

const header = (request: LakeRequest, name: string, change: (value: string) => string): LakeRequest => {
  const value = change(request.headers[name] as string);
  const rawHeaders = request.rawHeaders.map((part, at) =>
    at % 2 === 1 && request.rawHeaders[at - 1]!.toLowerCase() === name ? value : part,
  );
  return { ...request, headers: { ...request.headers, [name]: value }, rawHeaders };
};
const add = (request: LakeRequest, name: string, value: string): LakeRequest => ({
  ...request,
  headers: { ...request.headers, [name]: value },
  rawHeaders: [...request.rawHeaders, name, value],
});
const flip = (value: string): string => value.replace(/[0-9a-f]$/, (digit) => (digit === "0" ? "1" : "0"));

const mutations: readonly Mutation[] = [
  ["the method", (request) => ({ ...request, method: "PUT" })],
  ["the path", (request) => ({ ...request, rawPath: "/PutAuditEventz" })],
  [
    "a query parameter more",
    (request) => ({ ...request, rawQuery: request.rawQuery === "" ? "z=1" : `${request.rawQuery}&z=1` }),
  ],
  ["the body", (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from(" ")]) })],
  ["the host", (request) => header(request, "host", () => "198.51.100.1")],
  ["the date by a second", (request) => header(request, "x-amz-date", (value) => value.replace("120000Z", "120001Z"))],
  ["the signature", (request) => header(request, "authorization", flip)],
  [
    "the access key",
    (request) =>
      header(request, "authorization", (value) => value.replace(credentials.accessKeyId, "TRIBAAAABBBBCCCCEEEE")),
  ],
  [
    "the region of the scope",
    (request) => header(request, "authorization", (value) => value.replace("/us-east-1/", "/us-west-2/")),
  ],
  [
    "the service of the scope",
    (request) => header(request, "authorization", (value) => value.replace("/cloudtrail-data/", "/cloudtrail/")),
  ],
  [
    "the day of the scope",
    (request) => header(request, "authorization", (value) => value.replace("/20261122/", "/20261121/")),
  ],
  [
    "a signed header left out of the list",
    (request) => header(request, "authorization", (value) => value.replace(/;x-amz-date/, "")),
  ],
  [
    "the host left out of the list",
    (request) => header(request, "authorization", (value) => value.replace(/host;/, "")),
  ],
  ["an x-amz header added unsigned", (request) => add(request, "x-amz-tagging", "a=b")],
  ["a second content-type", (request) => add(add(request, "content-type", "text/plain"), "content-type", "a/b")],
  ["a session token", (request) => add(request, "x-amz-security-token", "token")],
  ["a second x-amz-date", (request) => add(request, "x-amz-date", "20261122T120000Z")],
  ["an unsigned payload", (request) => add(request, "x-amz-content-sha256", "UNSIGNED-PAYLOAD")],
  [
    "a trailing part of the header",
    (request) => header(request, "authorization", (value) => `${value}, Signature=${"0".repeat(64)}`),
  ],
];

test.each(mutations)("any change of what was signed is refused: %s", async (_name, mutate) => {
  await fc.assert(
    fc.asyncProperty(parts, async (value) => {
      const request = mutate(await sign(value));
      // The lake knows one key: another id has no secret.
      const known = (request.headers.authorization ?? "").includes(credentials.accessKeyId);
      expect(
        refusal(() =>
          verifier.check(verifier.read(request, "cloudtrail-data"), known ? credentials.secretAccessKey : undefined),
        ),
      ).not.toBe("accepted");
    }),
    { numRuns: 30 },
  );
});

test("each changed character of a query value or a body is refused", async () => {
  await fc.assert(
    fc.asyncProperty(parts, fc.nat(), async (value, where) => {
      const request = await sign({
        ...value,
        query: { ...value.query, channelArn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/x" },
        body: `${value.body}{"auditEvents":[]}`,
      });
      const body = Buffer.from(request.body);
      body[where % body.length]! ^= 1;
      expect(refusal(() => verify({ ...request, body }))).toBe("InvalidSignatureException");
      expect(
        refusal(() => verify({ ...request, rawQuery: request.rawQuery.replace("channel%2Fx", "channel%2Fy") })),
      ).toBe("InvalidSignatureException");
    }),
  );
});

const plain: Parts = { query: {}, headers: {}, body: "{}", checksum: false };

test("the clock may be fifteen minutes off, not more", async () => {
  const minute = 60_000;
  for (const off of [-15 * minute, 0, 15 * minute]) {
    const request = await sign(plain, { at: now + off });
    expect(refusal(() => verify(request))).toBe("accepted");
  }
  for (const off of [-16 * minute, 16 * minute]) {
    const request = await sign(plain, { at: now + off });
    expect(refusal(() => verify(request))).toBe("RequestExpired");
  }
});

test("a signature for the other service or another region is refused", async () => {
  const control = await sign(plain, { service: "cloudtrail" });
  const elsewhere = await sign(plain, { region: "eu-west-1" });
  expect(refusal(() => verify(control))).toBe("InvalidSignatureException");
  expect(refusal(() => verify(elsewhere))).toBe("InvalidSignatureException");
});

test("an unknown key and a wrong signature get the same answer", async () => {
  const request = await sign(plain);
  const answer = (secret: string | undefined): unknown => {
    try {
      verifier.check(verifier.read(request, "cloudtrail-data"), secret);
    } catch (error) {
      const { shape, status, message } = error as { shape: string; status: number; message: string };
      return { shape, status, message };
    }
    return undefined;
  };
  expect(answer(undefined)).toEqual(answer("wrong"));
  expect(answer(undefined)).toMatchObject({ shape: "InvalidSignatureException", status: 403 });
});

test("a changed secret ends the old one although its signing key was kept", async () => {
  const request = await sign(plain);
  verify(request);
  verify(request);
  expect(refusal(() => verify(request, "another secret"))).toBe("InvalidSignatureException");
});

test.each([
  ["", "IncompleteSignature"],
  ["Basic YWxpY2U6c2VjcmV0", "IncompleteSignature"],
  ["AWS4-HMAC-SHA256 Credential=a", "IncompleteSignature"],
  [`AWS4-HMAC-SHA256 Credential=${"A".repeat(50_000)}`, "IncompleteSignature"],
  [undefined, "MissingAuthenticationToken"],
])("an Authorization of another form is refused: %s", async (authorization, shape) => {
  const request = await sign(plain);
  const { authorization: _, ...headers } = request.headers;
  const changed = { ...request, headers: authorization === undefined ? headers : { ...headers, authorization } };
  expect(refusal(() => verifier.read(changed, "cloudtrail-data"))).toBe(shape);
});

test("a presigned request is refused with the way to sign", async () => {
  const request = await sign(plain);
  const { authorization: _, ...headers } = request.headers;
  expect(() =>
    verifier.read(
      { ...request, headers, rawQuery: "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=0" },
      "cloudtrail-data",
    ),
  ).toThrow(/Authorization header/);
});
