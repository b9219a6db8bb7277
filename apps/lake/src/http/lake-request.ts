import type { IncomingHttpHeaders } from "node:http";

/** A request whose body has been read: raw bytes as received, nothing decoded. */
export interface LakeRequest {
  readonly requestId: string;
  readonly method: string;
  /** As on the request line, before the question mark, still encoded. */
  readonly rawPath: string;
  /** As on the request line, after the question mark, still encoded; empty when there is none. */
  readonly rawQuery: string;
  /** Lower-case names; node joins most duplicates by `, `. */
  readonly headers: IncomingHttpHeaders;
  /** Every header line as received, for signatures: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  /** The bytes received, still content-encoded. */
  readonly body: Buffer;
  /** The peer's address, without an IPv4-mapped prefix. */
  readonly sourceIp: string;
  /** Whether the connection is TLS. */
  readonly secure: boolean;
}

/** A response before it is written; the server adds `x-amzn-RequestId` and the length. */
export interface LakeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
