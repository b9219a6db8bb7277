import { describe, expect, test } from "vitest";
import { Verifier } from "../src/sigv4/verifier.ts";
import { type HandSigned, now, secret, sent, sha256 } from "./hand-signed-request.ts";

const verifier = new Verifier({ region: "us-east-1", now: () => now });

function answer(one: HandSigned, service = "cloudtrail-data"): string {
  try {
    verifier.check(verifier.read(sent(one), service), secret);
  } catch (error) {
    return (error as { shape: string }).shape;
  }
  return "accepted";
}

const invalid = "InvalidSignatureException";
const incomplete = "IncompleteSignature";

describe("what is signed", () => {
  test.each<[string, HandSigned, string]>([
    ["nothing beside host and date", {}, "accepted"],
    ["a body's hash that is sent and signed", { headers: [["X-Amz-Content-Sha256", sha256("{}")]] }, "accepted"],
    ["the content-type", { headers: [["Content-Type", "application/json"]] }, "accepted"],
    ["not the content-type", { headers: [["Content-Type", "a/b"]], signs: { without: ["content-type"] } }, "accepted"],
    ["not the host", { signs: { without: ["host"] } }, incomplete],
    ["not the date", { signs: { without: ["x-amz-date"] } }, incomplete],
    [
      "not another x-amz header",
      { headers: [["X-Amz-Target", "x"]], signs: { without: ["x-amz-target"] } },
      incomplete,
    ],
    [
      "not the session token",
      { headers: [["X-Amz-Security-Token", "t"]], signs: { without: ["x-amz-security-token"] } },
      incomplete,
    ],
    [
      "not the body's hash",
      { headers: [["x-amz-content-sha256", sha256("{}")]], signs: { without: ["x-amz-content-sha256"] } },
      incomplete,
    ],
    ["a header that was not sent", { signs: { headers: { "x-custom": "" } } }, incomplete],
  ])("%s", (_what, one, expected) => expect(answer(one)).toBe(expected));
});

const claim = (value: string, signs = value): HandSigned => ({
  headers: [["x-amz-content-sha256", value]],
  signs: { payload: signs },
});

describe("the hash of the body", () => {
  test.each<[string, HandSigned]>([
    ["UNSIGNED-PAYLOAD", claim("UNSIGNED-PAYLOAD")],
    ["UNSIGNED-PAYLOAD, the hash signed", claim("UNSIGNED-PAYLOAD", sha256("{}"))],
    ["a stream", claim("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")],
    ["an unsigned stream", claim("STREAMING-UNSIGNED-PAYLOAD-TRAILER")],
    ["another body's hash", claim(sha256("{} "))],
    ["the hash in capitals", claim(sha256("{}").toUpperCase(), sha256("{}"))],
    ["UNSIGNED-PAYLOAD signed and not said", { signs: { payload: "UNSIGNED-PAYLOAD" } }],
  ])("%s is refused", (_what, one) => expect(answer(one)).toBe(invalid));
  test("is that of the bytes as sent, an empty body's too", () => {
    expect(answer({ body: "" })).toBe("accepted");
    expect(answer({ body: "é😀" })).toBe("accepted");
  });
});

describe("the query", () => {
  test.each<[string, string]>([
    ["a=1&b=2", "a=1&b=2"],
    ["b=2&a=1", "a=1&b=2"],
    ["a", "a="],
    ["a=&b", "a=&b="],
    ["=x", "=x"],
    ["&&a=1&", "a=1"],
    ["a=2&a=10&a=1", "a=1&a=10&a=2"],
    ["a=1&a=1", "a=1&a=1"],
    ["a=b=c", "a=b%3Dc"],
    ["a=1+1", "a=1%2B1"],
    ["a=1%2B1", "a=1%2B1"],
    ["a=1%2b1", "a=1%2B1"],
    ["a=%7e~%41", "a=~~A"],
    ["a=!'()*", "a=%21%27%28%29%2A"],
    ["a=/:@,;", "a=%2F%3A%40%2C%3B"],
    ["a=%25", "a=%25"],
    ["a=%2525", "a=%2525"],
    ["B=1&a=2", "B=1&a=2"],
    ["ab=1&a%20b=2&a-b=3", "a%20b=2&a-b=3&ab=1"],
    ["%C3%A9=1&z=2", "%C3%A9=1&z=2"],
    ["z=1&%7Ba=2", "%7Ba=2&z=1"],
    ["a=%F0%9F%98%80", "a=%F0%9F%98%80"],
  ])("%s is signed as %s", (query, canonical) => {
    expect(answer({ query, signs: { query: canonical } })).toBe("accepted");
  });
  test.each([
    ["a=1+1", "a=1%201"],
    ["a=%2525", "a=%25"],
    ["a=1&a=1", "a=1"],
    ["a=1&b=2", "b=2&a=1"],
    ["a", "a"],
  ])("%s is not signed as %s", (query, canonical) => {
    expect(answer({ query, signs: { query: canonical } })).toBe(invalid);
  });
  test.each(["a=%", "a=%4", "a=%zz", "a=%C3", "%E9=1"])("%s cannot be signed", (query) => {
    expect(answer({ query })).toBe(incomplete);
  });
});

describe("the path", () => {
  test.each([
    ["/", "/"],
    ["//", "/"],
    ["/a//b", "/a/b"],
    ["/a/./b", "/a/b"],
    ["/a/../b", "/b"],
    ["/../..", "/"],
    ["/a/", "/a/"],
    ["/a%20b", "/a%2520b"],
    ["/%2F", "/%252F"],
    ["/a+b", "/a%2Bb"],
    ["/a~b", "/a~b"],
  ])("%s is signed as %s", (path, canonical) => {
    expect(answer({ path, signs: { path: canonical } })).toBe("accepted");
  });
  test.each([
    ["/a%20b", "/a%20b"],
    ["/a//b", "/a//b"],
    ["/a", "/a/"],
  ])("%s is not signed as %s", (path, canonical) => {
    expect(answer({ path, signs: { path: canonical } })).toBe(invalid);
  });
});

describe("a header", () => {
  test.each<[string, readonly (readonly [string, string])[], string]>([
    ["is trimmed", [["X-Custom", "  a  "]], "a"],
    ["has runs of spaces made one", [["X-Custom", "a   b \t c"]], "a b c"],
    ["also between quotes", [["X-Custom", '"a   b"']], '"a b"'],
    ["is empty", [["X-Custom", ""]], ""],
    ["keeps its case", [["x-CUSTOM", "AbC"]], "AbC"],
    [
      "given twice is joined in the order sent",
      [
        ["X-Custom", "z "],
        ["x-custom", " a"],
      ],
      "z,a",
    ],
  ])("%s", (_what, headers, value) => {
    expect(answer({ headers, signs: { headers: { "x-custom": value } } })).toBe("accepted");
    expect(answer({ headers, signs: { headers: { "x-custom": `${value}x` } } })).toBe(invalid);
  });
  test.each(["X-Amz-Date", "X-Amz-Security-Token", "Content-Type", "Host", "Authorization", "X-Amz-Target"])(
    "%s may not be given twice",
    (name) => {
      const headers = [
        [name, "a"],
        [name, "a"],
      ] as const;
      expect(answer({ headers, signs: { headers: { [name.toLowerCase()]: "a,a" } } })).toBe(incomplete);
    },
  );
});

describe("the scope", () => {
  test.each([
    ["another day", "20261121/us-east-1/cloudtrail-data/aws4_request"],
    ["another region", "20261122/us-west-2/cloudtrail-data/aws4_request"],
    ["the control plane", "20261122/us-east-1/cloudtrail/aws4_request"],
    ["the token service", "20261122/us-east-1/sts/aws4_request"],
  ])("of %s is refused", (_what, scope) => expect(answer({ scope })).toBe(invalid));
  test.each([
    "20261122/us-east-1/cloudtrail-data/aws4_reques",
    "20261122/us-east-1/cloudtrail-data/AWS4_REQUEST",
    "20261122/us-east-1/cloudtrail-data",
    "20261122/us-east-1/cloudtrail-data/aws4_request/x",
    "2026112/us-east-1/cloudtrail-data/aws4_request",
    "20261122//cloudtrail-data/aws4_request",
    "20261122/US-EAST-1/cloudtrail-data/aws4_request",
  ])("%s is none", (scope) => expect(answer({ scope })).toBe(incomplete));
  test("each plane takes its own service's name alone", () => {
    const services = ["cloudtrail", "cloudtrail-data", "sts"];
    for (const asked of services)
      for (const given of services)
        expect(answer({ scope: `20261122/us-east-1/${given}/aws4_request` }, asked)).toBe(
          asked === given ? "accepted" : invalid,
        );
  });
});

describe("Authorization", () => {
  type Parts = Parameters<NonNullable<HandSigned["authorization"]>>[0];
  const usual = ({ credential, names, signature }: Parts): string =>
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  test.each<[string, (parts: Parts) => string]>([
    ["without spaces", (parts) => usual(parts).replaceAll(", ", ",")],
    [
      "in another order",
      ({ credential, names, signature }) =>
        `AWS4-HMAC-SHA256 Signature=${signature}, SignedHeaders=${names}, Credential=${credential}`,
    ],
  ])("%s is read", (_what, authorization) => expect(answer({ authorization })).toBe("accepted"));
  test.each<[string, (parts: Parts) => string]>([
    ["with two credentials", (parts) => `${usual(parts)}, Credential=${parts.credential}`],
    ["with two lists of names", (parts) => `${usual(parts)}, SignedHeaders=${parts.names}`],
    ["with two signatures", (parts) => `${usual(parts)}, Signature=${parts.signature}`],
    ["with another part", (parts) => `${usual(parts)}, Extra=1`],
    ["with an empty part", (parts) => `${usual(parts)},`],
    ["without a signature", (parts) => usual(parts).replace(/, Signature=.*/, "")],
    ["of names unsorted", (parts) => usual(parts).replace("host;x-amz-date", "x-amz-date;host")],
    ["of names in capitals", (parts) => usual(parts).replace("host;", "Host;")],
    ["of a name twice", (parts) => usual(parts).replace("host;", "host;host;")],
    ["of an empty name", (parts) => usual(parts).replace("host;", "host;;")],
    ["of a signature in capitals", (parts) => usual(parts).replace(parts.signature, parts.signature.toUpperCase())],
    ["of a short signature", (parts) => usual(parts).slice(0, -1)],
    ["of a long signature", (parts) => `${usual(parts)}0`],
    ["of another algorithm", (parts) => usual(parts).replace("SHA256", "SHA512")],
    ["of the asymmetric algorithm", (parts) => usual(parts).replace("HMAC", "ECDSA-P256")],
    ["with the algorithm in lower case", (parts) => usual(parts).replace("AWS4-HMAC-SHA256", "aws4-hmac-sha256")],
    ["with names of parts in lower case", (parts) => usual(parts).replace("Credential", "credential")],
  ])("%s is refused", (_what, authorization) => expect(answer({ authorization })).toBe(incomplete));
});

const at = (off: number): string => new Date(now + off).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

describe("the time", () => {
  const quarter = 15 * 60_000;
  test.each([
    [-quarter, "accepted"],
    [quarter, "accepted"],
    [-quarter - 1000, "RequestExpired"],
    [quarter + 1000, "RequestExpired"],
    [-86_400_000, "RequestExpired"],
  ])("%d ms off", (off, expected) => expect(answer({ stamp: at(off) })).toBe(expected));
  test.each(["", "20261122", "2026-11-22T12:00:00Z", "20261122T120000", "20261322T120000Z", "20261122T126000Z"])(
    "%j is no time",
    (text) =>
      expect(answer({ stamp: text, scope: "20261122/us-east-1/cloudtrail-data/aws4_request" })).toBe(incomplete),
  );
  test("a midnight between: the scope has the day of X-Amz-Date", () => {
    const midnight = new Verifier({ region: "us-east-1", now: () => Date.UTC(2026, 10, 23, 0, 5) });
    const read = (one: HandSigned): void => midnight.check(midnight.read(sent(one), "cloudtrail-data"), secret);
    expect(() => read({ stamp: "20261122T235900Z" })).not.toThrow();
    const scope = "20261123/us-east-1/cloudtrail-data/aws4_request";
    expect(() => read({ stamp: "20261122T235900Z", scope })).toThrow(/date of the credential scope/);
  });
});

test.each(["X-Amz-Signature=0", "a=b&X-Amz-Algorithm=AWS4-HMAC-SHA256", "x-amz-signature=0"])(
  "a presigned request is refused: %s",
  (query) => {
    const { authorization: _, ...headers } = sent({}).headers;
    expect(() => verifier.read({ ...sent({ query }), headers }, "cloudtrail-data")).toThrow(
      expect.objectContaining({ shape: incomplete, status: 403 }),
    );
  },
);
