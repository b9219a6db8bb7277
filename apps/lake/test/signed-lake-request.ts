import { SignatureV4 } from "@smithy/signature-v4";
import type { LakeRequest } from "../src/http/lake-request.ts";
import { NodeSha256 } from "./node-sha256.ts";

/** What a request of PutAuditEvents consists of. */
export interface Parts {
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly checksum: boolean;
}

export interface Signing {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly service?: string;
  readonly region?: string;
}

/** The request as the server reads it, signed by @smithy/signature-v4. */
export async function signedLakeRequest(
  { query, headers, body, checksum }: Parts,
  options: Signing,
): Promise<LakeRequest> {
  const signer = new SignatureV4({
    service: options.service ?? "cloudtrail-data",
    region: options.region ?? "us-east-1",
    credentials: options.credentials,
    sha256: NodeSha256,
    applyChecksum: checksum,
  });
  const plain = {
    method: "POST",
    protocol: "http:",
    hostname: "127.0.0.1",
    path: "/PutAuditEvents",
    query: { ...query },
    headers: { host: "127.0.0.1:4570", ...headers },
    body,
  };
  const signed = await signer.sign(plain, { signingDate: new Date(options.at) });
  return {
    requestId: "r",
    method: "POST",
    rawPath: "/PutAuditEvents",
    rawQuery: Object.entries(query)
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .join("&"),
    headers: signed.headers,
    rawHeaders: Object.entries(signed.headers).flat(),
    body: Buffer.from(body),
    sourceIp: "127.0.0.1",
    secure: false,
  };
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
