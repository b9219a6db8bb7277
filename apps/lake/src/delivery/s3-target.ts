import { setTimeout as wait } from "node:timers/promises";
import { hash } from "node:crypto";
import type { Readable } from "node:stream";
import { TributaryError } from "@tributary/schema";
import { messageOf } from "../message-of.ts";
import { isLoopback } from "../serve/check-address.ts";
import { uriEncode } from "../sigv4/canonical-request.ts";
import { type SigningCredentials, signRequest } from "../sigv4/sign-request.ts";
import type { DeliveryBuckets } from "./delivery-buckets.ts";
import type { DeliveryTarget } from "./delivery-target.ts";
import { type S3Answer, exchangeS3 } from "./s3-exchange.ts";
import { spool } from "./spooled-file.ts";

export interface S3TargetOptions {
  /** Origin of a server that speaks S3's API, such as `https://s3.example.com`. Buckets are the first part of the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
  readonly buckets: DeliveryBuckets;
  /** Allows plain HTTP beyond loopback. */
  readonly insecure?: boolean | undefined;
  /** Where a file waits, without a name, while it is sent. */
  readonly spoolFile: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** For how long nothing may move on a connection, in ms. Default 30 s. */
  readonly idleMs?: number;
  /** The first wait before another try, in ms; each further one is twice as long, up to 30 s. Default 500. */
  readonly backoffMs?: number;
}

/** Tries of a write; with the default waits they span about a minute. */
const writeTries = 8;
/** A caller waits for the answer. */
const headTries = 2;
const headIdleMs = 5_000;
const totalMs = 15 * 60_000;
const emptyHash = hash("sha256", "", "hex");

/**
 * Buckets of a server that speaks S3's API. An account has those that `buckets` names. Beside what {@link DeliveryTarget} says,
 * both operations throw `DELIVERY_S3_UNAVAILABLE` (no answer, or 5xx and 429 to the last try) and `DELIVERY_S3_REFUSED` (any
 * other answer). Throws `DELIVERY_ENDPOINT_NOT_VALID`.
 */
export function openS3Target(options: S3TargetOptions): DeliveryTarget {
  const { region, credentials, buckets, spoolFile, now, idleMs = 30_000, backoffMs = 500 } = options;
  const endpoint = endpointOf(options);

  const checkAllowed = (accountId: string, bucket: string): void => {
    if (buckets.get(accountId)?.has(bucket) !== true)
      throw new TributaryError(`The account ${accountId} may not deliver to the bucket ${bucket}.`, {
        code: "DELIVERY_NOT_ALLOWED",
      });
  };

  const send = async (
    head: { readonly method: string; readonly bucket: string; readonly path: string; readonly payloadHash: string },
    content: { readonly length: number; stream(): Readable } | undefined,
    limits: { readonly tries: number; readonly idleMs: number; readonly signal: AbortSignal },
  ): Promise<void> => {
    const what = `${head.method} ${endpoint.origin}${head.path}`;
    for (let tried = 1; ; tried++) {
      const headers = signRequest({ ...head, host: endpoint.host }, credentials, { region, service: "s3", now: now() });
      let failure: string;
      let cause: unknown;
      try {
        const answer = await exchangeS3(
          endpoint,
          {
            method: head.method,
            path: head.path,
            headers: content === undefined ? headers : { ...headers, "content-length": String(content.length) },
            body: content?.stream(),
          },
          { ...limits, totalMs },
        );
        if (!isPassing(answer)) return judge(answer, head.bucket, what);
        failure = `answered ${answer.status} ${answer.code}`.trimEnd();
      } catch (error) {
        if (error instanceof TributaryError) throw error;
        limits.signal.throwIfAborted();
        failure = messageOf(error);
        cause = error;
      }
      if (tried >= limits.tries)
        throw new TributaryError(`${what} failed ${tried} times, last: ${failure}.`, {
          code: "DELIVERY_S3_UNAVAILABLE",
          retryable: true,
          cause,
        });
      const longest = Math.min(backoffMs * 2 ** (tried - 1), 30_000);
      await wait(longest * (0.5 + Math.random() / 2), undefined, { signal: limits.signal });
    }
  };

  return {
    hasBucket: async (accountId, bucket, signal) => {
      checkAllowed(accountId, bucket);
      const head = { method: "HEAD", bucket, path: `/${bucket}`, payloadHash: emptyHash };
      try {
        await send(head, undefined, { tries: headTries, idleMs: Math.min(idleMs, headIdleMs), signal });
        return true;
      } catch (error) {
        if (error instanceof TributaryError && error.code === "DELIVERY_BUCKET_MISSING") return false;
        throw error;
      }
    },

    write: async (accountId, { bucket, folders }, name, content, signal) => {
      checkAllowed(accountId, bucket);
      const path = `/${[bucket, ...folders, name].map(uriEncode).join("/")}`;
      const file = await spool(spoolFile, content);
      try {
        const head = { method: "PUT", bucket, path, payloadHash: file.sha256 };
        await send(head, file, { tries: writeTries, idleMs, signal });
      } finally {
        await file.close();
      }
    },
  };
}

/** Whether the same request may get another answer later. */
function isPassing({ status, code }: S3Answer): boolean {
  return status >= 500 || status === 429 || status === 408 || code === "RequestTimeout";
}

function judge({ status, code }: S3Answer, bucket: string, what: string): void {
  if (status >= 200 && status < 300) return;
  const answer = `${what} was answered ${status} ${code}`.trimEnd();
  if (status === 404)
    throw new TributaryError(`${answer}: there is no bucket ${bucket}.`, { code: "DELIVERY_BUCKET_MISSING" });
  if (status === 401 || status === 403)
    throw new TributaryError(`${answer}: the lake's credentials may not do that.`, { code: "DELIVERY_NOT_ALLOWED" });
  throw new TributaryError(`${answer}: check the endpoint and its region.`, { code: "DELIVERY_S3_REFUSED" });
}

function endpointOf({ endpoint, insecure }: Pick<S3TargetOptions, "endpoint" | "insecure">): URL {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  // The text itself is not shown: a password may be in it.
  if (
    (url?.protocol !== "https:" && url?.protocol !== "http:") ||
    `${url.username}${url.password}${url.search}${url.hash}` !== "" ||
    url.pathname !== "/"
  )
    throw invalidEndpoint("The delivery endpoint must be https://HOST or https://HOST:PORT, with nothing after it.");
  if (url.protocol === "http:" && insecure !== true && !isLoopback(url.hostname.replaceAll(/[[\]]/g, "")))
    throw invalidEndpoint(
      `The delivery endpoint ${url.origin} is reached readable. Use https, or say --insecure if the network between is trusted.`,
    );
  return url;
}

function invalidEndpoint(message: string): TributaryError {
  return new TributaryError(message, { code: "DELIVERY_ENDPOINT_NOT_VALID" });
}
