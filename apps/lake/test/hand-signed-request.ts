import { createHash, createHmac } from "node:crypto";
import type { LakeRequest } from "../src/http/lake-request.ts";

const accessKeyId = "TRIBAAAABBBBCCCCDDDD";
export const secret = "secret/with+characters=";
/** When it is signed. */
export const now = Date.UTC(2026, 10, 22, 12);
const host = "127.0.0.1:4570";
const stamp = "20261122T120000Z";
export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** A request and what its client signs. The canonical request is written down by each case, not computed by what is tested. */
export interface HandSigned {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  /** Header lines as sent, beside host and x-amz-date. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly stamp?: string;
  /** What the client's canonical request has: by default what was sent. */
  readonly signs?: {
    readonly path?: string;
    readonly query?: string;
    /** Canonical lines, beside host and x-amz-date; sorted here. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Names left out although they are sent. */
    readonly without?: readonly string[];
    readonly payload?: string;
  };
  readonly scope?: string;
  readonly authorization?: (usual: Readonly<Record<"credential" | "names" | "signature", string>>) => string;
}

/** The request as the server reads it. */
export function sent(one: HandSigned): LakeRequest {
  const { method = "POST", path = "/PutAuditEvents", query = "", headers = [], body = "{}", signs = {} } = one;
  const date = one.stamp ?? stamp;
  const scope = one.scope ?? `${date.slice(0, 8)}/us-east-1/cloudtrail-data/aws4_request`;
  const given: Readonly<Record<string, string>> = {
    host,
    "x-amz-date": date,
    ...(signs.headers ?? Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))),
  };
  const signed = Object.keys(given)
    .filter((name) => !signs.without?.includes(name))
    .toSorted();
  const names = signed.join(";");
  const canonical = [
    method,
    signs.path ?? path,
    signs.query ?? query,
    ...signed.map((name) => `${name}:${given[name]!}`),
    "",
    names,
    signs.payload ?? sha256(body),
  ].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((before, part) => createHmac("sha256", before).update(part).digest(), `AWS4${secret}`);
  const text = `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256(canonical)}`;
  const signature = createHmac("sha256", key).update(text).digest("hex");
  const credential = `${accessKeyId}/${scope}`;
  const authorization =
    one.authorization?.({ credential, names, signature }) ??
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`;
  const lines = [["Host", host], ["X-Amz-Date", date], ...headers, ["Authorization", authorization]] as const;
  const joined: Record<string, string> = {};
  for (const [name, value] of lines) {
    const lower = name.toLowerCase();
    joined[lower] = joined[lower] === undefined ? value : `${joined[lower]}, ${value}`;
  }
  return {
    requestId: "r",
    method,
    rawPath: path,
    rawQuery: query,
    headers: joined,
    rawHeaders: lines.flat(),
    body: Buffer.from(body),
    sourceIp: "127.0.0.1",
    secure: false,
  };
}
