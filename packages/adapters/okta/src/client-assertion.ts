import { createPrivateKey, sign } from "node:crypto";
import type { JsonWebKey, KeyObject } from "node:crypto";
import { TributaryError } from "@tributary/adapter-kit";

/** Okta takes assertions that live an hour at the most; one request needs less. */
const lifeSeconds = 300;

export interface AssertionOptions {
  readonly clientId: string;
  /** A JWK as JSON, or PEM. */
  readonly privateKey: string;
  readonly keyId?: string | undefined;
  /** The token endpoint, which the assertion is made for. */
  readonly audience: string;
  /** ms since 1970. */
  readonly now: number;
}

/**
 * The signed text (JWT, RFC 7523) by which an API Services app proves itself. It has no `jti`: Okta takes an assertion with
 * one only once, and a request that was lost on its way is sent again. Throws `OPTIONS_INVALID` for a key that is none.
 * Vendor page: developer.okta.com, Build a JWT for client authentication.
 */
export function clientAssertion({ clientId, privateKey, keyId, audience, now }: AssertionOptions): string {
  const { key, kid } = readKey(privateKey);
  const seconds = Math.floor(now / 1000);
  const elliptic = key.asymmetricKeyType === "ec";
  const header = { alg: elliptic ? "ES256" : "RS256", typ: "JWT", kid: keyId ?? kid };
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: seconds, exp: seconds + lifeSeconds };
  const signed = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), elliptic ? { key, dsaEncoding: "ieee-p1363" } : key);
  return `${signed}.${signature.toString("base64url")}`;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

function readKey(text: string): { readonly key: KeyObject; readonly kid?: string | undefined } {
  try {
    if (!text.trim().startsWith("{")) return { key: fitting(createPrivateKey(text)) };
    const parsed: unknown = JSON.parse(text);
    const jwk: JsonWebKey = { ...(typeof parsed === "object" ? parsed : undefined) };
    const { kid } = jwk;
    return {
      key: fitting(createPrivateKey({ key: jwk, format: "jwk" })),
      kid: typeof kid === "string" ? kid : undefined,
    };
  } catch {
    // What node says could quote the key.
    throw new TributaryError("The option /privateKey is no RSA or P-256 private key, as a JWK or in PEM (PKCS #8).", {
      code: "OPTIONS_INVALID",
    });
  }
}

function fitting(key: KeyObject): KeyObject {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "rsa" || (type === "ec" && details?.namedCurve === "prime256v1")) return key;
  throw new TypeError("neither RSA nor P-256");
}
