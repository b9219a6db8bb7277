import { createHash, createHmac } from "node:crypto";
import type { Arrived } from "./scripted-server.ts";

/** The parts of an Authorization header. */
export interface Authorization {
  readonly accessKeyId: string;
  /** `20261122/us-east-1/cloudtrail-data/aws4_request` */
  readonly scope: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

export function authorization({ headers }: Arrived): Authorization {
  const match = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(.+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    headers.authorization ?? "",
  );
  if (!match) throw new Error(`No SigV4 signature: ${headers.authorization}`);
  return { accessKeyId: match[1]!, scope: match[2]!, signedHeaders: match[3]!.split(";"), signature: match[4]! };
}

/** The signature the request should carry, by the SigV4 definition and nothing of the client's. */
export function expectedSignature(request: Arrived, secretAccessKey: string): string {
  const { scope, signedHeaders } = authorization(request);
  const [path = "", query = ""] = request.url.split("?", 2);
  const pairs = [...new URLSearchParams(query.replaceAll("+", "%2B"))].map(
    ([key, value]) => `${encode(key)}=${encode(value)}`,
  );
  const canonical = [
    request.method,
    path,
    pairs.toSorted().join("&"),
    ...signedHeaders.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    "",
    signedHeaders.join(";"),
    createHash("sha256").update(request.body).digest("hex"),
  ].join("\n");
  const text = [
    "AWS4-HMAC-SHA256",
    String(request.headers["x-amz-date"]),
    scope,
    createHash("sha256").update(canonical).digest("hex"),
  ].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key).update(text).digest("hex");
}

/** RFC 3986: everything but the unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}
