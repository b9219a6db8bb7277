import { createHmac, hash } from "node:crypto";
import { canonicalRequest } from "./canonical-request.ts";
import { deriveSigningKey } from "./signing-keys.ts";

export interface SigningCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What is to be signed; it has no query. */
export interface OutgoingRequest {
  readonly method: string;
  /** As on the request line, encoded. */
  readonly path: string;
  /** With the port where the URL has one. */
  readonly host: string;
  /** SHA-256, lower-case hex. */
  readonly payloadHash: string;
}

/** The headers that sign a request by AWS Signature Version 4, `host` and the payload's hash among them. */
export function signRequest(
  { method, path, host, payloadHash }: OutgoingRequest,
  credentials: SigningCredentials,
  scope: { readonly region: string; readonly service: string; readonly now: number },
): Readonly<Record<string, string>> {
  const stamp = new Date(scope.now).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = stamp.slice(0, 8);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { region, service } = scope;
  // In the order of their names, as they are signed.
  const headers: Readonly<Record<string, string>> = {
    host,
    "x-amz-content-sha256": payloadHash,
    "x-amz-date": stamp,
    ...(sessionToken !== undefined && { "x-amz-security-token": sessionToken }),
  };
  const names = Object.keys(headers);
  const rawHeaders = Object.entries(headers).flat();
  const canonical = canonicalRequest({ method, rawPath: path, rawQuery: "", rawHeaders }, names, payloadHash, service)!;
  const stringToSign = `AWS4-HMAC-SHA256\n${stamp}\n${date}/${region}/${service}/aws4_request\n${hash("sha256", canonical, "hex")}`;
  const key = deriveSigningKey(secretAccessKey, { accessKeyId, date, region, service });
  const signature = createHmac("sha256", key).update(stringToSign).digest("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${date}/${region}/${service}/aws4_request, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
