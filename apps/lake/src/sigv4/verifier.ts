import { createHmac, hash, randomBytes, timingSafeEqual } from "node:crypto";
import type { LakeRequest } from "../http/lake-request.ts";
import { WireError } from "../http/wire-error.ts";
import { type Authorization, parseAuthorization } from "./authorization.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { SigningKeys, deriveSigningKey } from "./signing-keys.ts";

/** Settings of a {@link Verifier}. */
export interface VerifierOptions {
  /** A signature scoped to another region is refused. */
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How far X-Amz-Date may be from now, in ms. */
  readonly maxSkewMs?: number;
}

/** A request whose claims are well formed, in scope and in time; its signature is not checked yet. */
export interface SignedRequest {
  readonly accessKeyId: string;
  /** The service the request was checked for. */
  readonly service: string;
  readonly authorization: Authorization;
  readonly stringToSign: string;
  /** Of temporary credentials; it is signed, and not looked into here. */
  readonly securityToken: string | undefined;
}

const fifteenMinutes = 15 * 60 * 1000;

/**
 * Verifies AWS Signature Version 4 in the Authorization header, over the raw bytes received. Presigned requests,
 * UNSIGNED-PAYLOAD and streaming payloads are refused. Unknown key and wrong signature take the same
 * time and get the same answer. Spec section 5.
 */
export class Verifier {
  readonly #options: VerifierOptions;
  readonly #keys = new SigningKeys();
  readonly #unknownSecret = randomBytes(30).toString("base64");

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /** Everything that needs no key. Throws 403 MissingAuthenticationToken, IncompleteSignature or InvalidSignatureException, 400 RequestExpired. */
  read(request: LakeRequest, service: string): SignedRequest {
    const header = request.headers.authorization;
    if (header === undefined) {
      if (/(?:^|&)X-Amz-(?:Signature|Algorithm)=/i.test(request.rawQuery))
        throw incomplete("Presigned requests are not supported here: sign with the Authorization header.");
      throw new WireError(
        "MissingAuthenticationToken",
        "The request is not signed. Sign it with AWS Signature Version 4.",
        { status: 403 },
      );
    }
    const authorization = parseAuthorization(header);
    if (!authorization)
      throw incomplete(
        "The Authorization header must be AWS4-HMAC-SHA256 with Credential, SignedHeaders (lower-case, sorted) and Signature.",
      );
    this.#checkHeaders(request, authorization);
    this.#checkScope(request, authorization, service);
    const payloadHash = this.#payloadHash(request);
    const canonical = canonicalRequest(request, authorization.signedHeaders, payloadHash, service);
    if (canonical === undefined)
      throw incomplete("SignedHeaders names a header that was not sent, or the query string does not decode.");
    const { date, region } = authorization;
    const stringToSign = `AWS4-HMAC-SHA256\n${dateOf(request)}\n${date}/${region}/${service}/aws4_request\n${hash("sha256", canonical, "hex")}`;
    const token = request.headers["x-amz-security-token"];
    return {
      accessKeyId: authorization.accessKeyId,
      service,
      authorization,
      stringToSign,
      securityToken: typeof token === "string" ? token : undefined,
    };
  }

  /** Checks the signature by the key's secret; `undefined` for a key that is unknown or disabled. Throws 403 InvalidSignatureException. */
  check(signed: SignedRequest, secret: string | undefined): void {
    const scope = { ...signed.authorization, service: signed.service };
    const cached = secret === undefined ? undefined : this.#keys.find(secret, scope);
    const key = cached ?? deriveSigningKey(secret ?? this.#unknownSecret, scope);
    const expected = createHmac("sha256", key).update(signed.stringToSign).digest();
    const equal = timingSafeEqual(expected, Buffer.from(signed.authorization.signature, "hex"));
    if (equal && secret !== undefined) {
      if (!cached) this.#keys.keep(secret, scope, key);
      return;
    }
    // As long as an unknown key takes, so that the time does not tell which keys are in use.
    if (cached) deriveSigningKey(this.#unknownSecret, scope);
    throw unknownKeyOrSignature();
  }

  #checkHeaders(request: LakeRequest, { signedHeaders }: Authorization): void {
    const signed = new Set(signedHeaders);
    if (!signed.has("host")) throw incomplete("The host header must be signed.");
    const seen = new Set<string>();
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      const name = request.rawHeaders[at]!.toLowerCase();
      if (once.has(name) && seen.has(name)) throw incomplete(`The header ${name} is given twice.`);
      seen.add(name);
      // Not the content-type: two of AWS's SDKs leave it out, and another one than the protocol's is refused anyway.
      if (name.startsWith("x-amz-") && !signed.has(name)) throw incomplete(`The header ${name} must be signed.`);
    }
  }

  #checkScope(request: LakeRequest, { date, region, service: given }: Authorization, service: string): void {
    const stamp = dateOf(request);
    const time = parseStamp(stamp);
    if (time === undefined) throw incomplete("The X-Amz-Date header must be a UTC time such as 20260131T235959Z.");
    if (stamp.slice(0, 8) !== date) throw invalid("The date of the credential scope is not that of X-Amz-Date.");
    if (region !== this.#options.region)
      throw invalid(`The credential must be scoped to the region ${this.#options.region}.`);
    if (given !== service) throw invalid(`The credential must be scoped to the service ${service}.`);
    if (Math.abs(time - this.#options.now()) > (this.#options.maxSkewMs ?? fifteenMinutes))
      throw new WireError(
        "RequestExpired",
        "The time of the request is too far from the server's. Correct the clock; the Date header of this answer has the server's time.",
        { status: 400 },
      );
  }

  #payloadHash(request: LakeRequest): string {
    const actual = request.bodySha256 ?? hash("sha256", request.body, "hex");
    const claimed = request.headers["x-amz-content-sha256"];
    // Every x-amz-* header is signed, so a claim is too; it must be the hash itself, no UNSIGNED-PAYLOAD, no STREAMING-*.
    if (claimed !== undefined && claimed !== actual)
      throw invalid(
        "X-Amz-Content-Sha256 is not the SHA-256 of the body received. Unsigned and streaming payloads are not supported.",
      );
    return actual;
  }
}

const once: ReadonlySet<string> = new Set([
  "authorization",
  "host",
  "x-amz-date",
  "x-amz-content-sha256",
  "x-amz-security-token",
  "x-amz-target",
  "content-type",
]);

function dateOf({ headers }: LakeRequest): string {
  const stamp = headers["x-amz-date"];
  return typeof stamp === "string" ? stamp : "";
}

function parseStamp(stamp: string): number | undefined {
  const iso = stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6.000Z");
  const time = iso === stamp ? Number.NaN : Date.parse(iso);
  return !Number.isNaN(time) && new Date(time).toISOString() === iso ? time : undefined;
}

/** The one answer to a wrong signature and to a key that is unknown, disabled or deleted. */
export function unknownKeyOrSignature(): WireError {
  return invalid(
    "The access key is unknown or the signature does not match. Check the access key id, the secret access key and that no proxy changes the request.",
  );
}

function incomplete(message: string): WireError {
  return new WireError("IncompleteSignature", message, { status: 403 });
}

function invalid(message: string): WireError {
  return new WireError("InvalidSignatureException", message, { status: 403 });
}
