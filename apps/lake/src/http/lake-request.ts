import type { IncomingHttpHeaders } from "node:http";

/** What is known of a request before its body is read. */
export interface RequestHead {
  readonly requestId: string;
  readonly method: string;
  /** As on the request line, before the question mark, still encoded. */
  readonly rawPath: string;
  /** Lower-case names; node joins most duplicates by `, `. */
  readonly headers: IncomingHttpHeaders;
  /** The peer's address, without an IPv4-mapped prefix. */
  readonly sourceIp: string;
}

/** A request whose body has been read: raw bytes as received, nothing decoded. */
export interface LakeRequest extends RequestHead {
  /** As on the request line, after the question mark, still encoded; empty when there is none. */
  readonly rawQuery: string;
  /** Every header line as received, for signatures: name, value, name, value. */
  readonly rawHeaders: readonly string[];
  /** The bytes received, still content-encoded; empty when they were not held. */
  readonly body: Buffer;
  /** SHA-256 of the bytes received, lower-case hex, where it was taken while they were read. */
  readonly bodySha256?: string;
  /** The key that the request names was unknown when the body arrived: it was read, but not held. */
  readonly bodyDiscarded?: boolean;
  /** Whether the connection is TLS. */
  readonly secure: boolean;
}

/** A response before it is written; the server adds `x-amzn-RequestId` and the length. */
export interface LakeResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
