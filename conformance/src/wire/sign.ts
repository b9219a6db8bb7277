import { createHash, createHmac } from "node:crypto";
import type { Identity } from "./identity.ts";

/** What is signed, and how a client differs from the usual one. */
export interface Signing {
  readonly identity: Identity;
  readonly region: string;
  readonly service: string;
  /** ms since 1970. */
  readonly at: number;
  /** Beside host and x-amz-date: lower-case names of headers that are signed. All that are sent, by default. */
  readonly signed?: readonly string[] | undefined;
  /** Sends and signs x-amz-content-sha256, as the SDKs of JavaScript do; the AWS CLI and boto3 do not. */
  readonly contentHash?: boolean | undefined;
}

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * Signature Version 4, written from AWS's description: the headers of a request, with X-Amz-Date and Authorization. The query of
 * `target` must be encoded as it is signed (RFC 3986, sorted by name).
 */
export function sign(
  request: { readonly method: string; readonly target: string; readonly headers: Headers; readonly body: Uint8Array },
  { identity, region, service, at, signed, contentHash = false }: Signing,
): Headers {
  const date = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const declared = request.headers.find(([name]) => name.toLowerCase() === "x-amz-content-sha256")?.[1];
  // What a client declares is what it signs, also where it is wrong.
  const payload = declared ?? sha256(request.body);
  const headers: (readonly [string, string])[] = [
    ...request.headers,
    ["X-Amz-Date", date],
    ...(identity.sessionToken === undefined ? [] : [["X-Amz-Security-Token", identity.sessionToken] as const]),
    ...(contentHash ? [["X-Amz-Content-Sha256", payload] as const] : []),
  ];
  const named = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const mayLeaveOut = lower !== "host" && !lower.startsWith("x-amz-");
    if (mayLeaveOut && signed !== undefined && !signed.includes(lower)) continue;
    const trimmed = value.trim().replaceAll(/ +/g, " ");
    named.set(lower, named.has(lower) ? `${named.get(lower)},${trimmed}` : trimmed);
  }
  const names = [...named.keys()].toSorted();
  const [path = "/", query = ""] = request.target.split("?", 2);
  const canonical = [
    request.method,
    path,
    query,
    ...names.map((name) => `${name}:${named.get(name)}`),
    "",
    names.join(";"),
    payload,
  ].join("\n");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const key = scope
    .split("/")
    .reduce<string | Buffer>((before, part) => hmac(before, part), `AWS4${identity.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(Buffer.from(canonical))}`).toString("hex");
  const credential = `${identity.accessKeyId}/${scope}`;
  return [
    ...headers,
    [
      "Authorization",
      `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
    ],
  ];
}

/** A name or value of a query, as it is sent and signed. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
