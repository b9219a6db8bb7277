import { randomBytes } from "node:crypto";
import type { ControlView } from "../control/control-view.ts";
import type { LakeRequest } from "../http/lake-request.ts";
import { WireError } from "../http/wire-error.ts";
import type { DataKey } from "../secrets/data-key.ts";
import type { DataKeys } from "../secrets/data-keys.ts";
import { type SignedRequest, type Verifier, unknownKeyOrSignature } from "../sigv4/verifier.ts";
import type { LakeCaller } from "./lake-caller.ts";
import { type SessionClaims, readSessionToken } from "./session-token.ts";

/** What a request proves: who calls. */
export interface Authenticated {
  readonly caller: LakeCaller;
}

/** Finds who signed a request: the verifier's rules with the keys of a control state. */
export class Authenticator {
  readonly #verifier: Verifier;
  readonly #dataKeys: Pick<DataKeys, "of">;
  readonly #now: () => number;
  /** A secret that nobody has, sealed by the data key. */
  #decoy: { readonly dataKey: DataKey; readonly sealed: string } | undefined;

  /** `now`: milliseconds since 1970. */
  constructor(verifier: Verifier, dataKeys: Pick<DataKeys, "of">, now: () => number) {
    this.#verifier = verifier;
    this.#dataKeys = dataKeys;
    this.#now = now;
  }

  /** The signature's claims, checked as far as no key is needed. Throws as {@link Verifier.read}. */
  read(request: LakeRequest, service: string): SignedRequest {
    return this.#verifier.read(request, service);
  }

  /** Whether there is such a key, or such a session of it. Its signature is not looked at. */
  knows(view: ControlView, accessKeyId: string, securityToken: string | undefined): boolean {
    if (securityToken === undefined) return view.keyHolder(accessKeyId) !== undefined;
    const claims = readSessionToken(this.#dataKeys.of(view.state), accessKeyId, securityToken);
    return claims !== undefined && this.#now() < claims.expiresAt && view.sessionCaller(claims) !== undefined;
  }

  /**
   * Who calls, after checking the signature. Throws 403: InvalidSignatureException; for session credentials also
   * UnrecognizedClientException (a token that is not this lake's or another key's, a session that has ended) and
   * ExpiredTokenException.
   */
  authenticate(view: ControlView, signed: SignedRequest): Authenticated {
    const dataKey = this.#dataKeys.of(view.state);
    if (signed.securityToken === undefined) {
      const holder = view.keyHolder(signed.accessKeyId);
      const secret = holder
        ? dataKey.open("access-key-secret", signed.accessKeyId, holder.sealedSecret)
        : this.#openDecoy(dataKey);
      this.#verifier.check(signed, secret);
      return { caller: holder!.caller };
    }
    const claims = this.#claims(view, signed, signed.securityToken);
    this.#verifier.check(signed, claims.secretAccessKey);
    if (this.#now() >= claims.expiresAt)
      throw new WireError(
        "ExpiredTokenException",
        "The security token included in the request is expired. Get new session credentials.",
        { status: 403 },
      );
    return this.#session(view, claims);
  }

  /** Who calls, as of a later state; the signature was checked before. Throws when the key or the session has ended since. */
  holder(view: ControlView, signed: SignedRequest): Authenticated {
    if (signed.securityToken !== undefined)
      // Opened again: a later state may have another data key, which ends the sessions of the one before.
      return this.#session(view, this.#claims(view, signed, signed.securityToken));
    const holder = view.keyHolder(signed.accessKeyId);
    if (!holder) throw unknownKeyOrSignature();
    return { caller: holder.caller };
  }

  /** Takes as long as the opening of a secret does, and answers none. */
  #openDecoy(dataKey: DataKey): undefined {
    if (this.#decoy?.dataKey !== dataKey)
      this.#decoy = { dataKey, sealed: dataKey.seal("access-key-secret", "", randomBytes(30).toString("base64")) };
    dataKey.open("access-key-secret", "", this.#decoy.sealed);
    return undefined;
  }

  #claims(view: ControlView, { accessKeyId }: SignedRequest, token: string): SessionClaims {
    const claims = readSessionToken(this.#dataKeys.of(view.state), accessKeyId, token);
    if (!claims) throw invalidToken();
    return claims;
  }

  #session(view: ControlView, claims: SessionClaims): Authenticated {
    const caller = view.sessionCaller(claims);
    if (!caller) throw invalidToken();
    return { caller };
  }
}

function invalidToken(): WireError {
  return new WireError(
    "UnrecognizedClientException",
    "The security token included in the request is invalid: it is not one that this lake made for this access key, or its session has been ended. Get new session credentials, or remove AWS_SESSION_TOKEN when the key has none.",
    { status: 403 },
  );
}
