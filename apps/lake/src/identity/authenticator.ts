import type { ControlView, KeyHolder } from "../control/control-view.ts";
import type { LakeRequest } from "../http/lake-request.ts";
import { type SignedRequest, type Verifier, unknownKeyOrSignature } from "../sigv4/verifier.ts";

/** Finds who signed a request: the verifier's rules with the keys of a control state. */
export class Authenticator {
  readonly #verifier: Verifier;

  constructor(verifier: Verifier) {
    this.#verifier = verifier;
  }

  /** The signature's claims, checked as far as no key is needed. Throws as {@link Verifier.read}. */
  read(request: LakeRequest, service: string): SignedRequest {
    return this.#verifier.read(request, service);
  }

  /** The holder of the key, after checking the signature. Throws InvalidSignatureException 403. */
  authenticate(view: ControlView, signed: SignedRequest): KeyHolder {
    const holder = view.keyHolder(signed.accessKeyId);
    this.#verifier.check(signed, holder?.secretAccessKey);
    return holder!;
  }

  /** The holder as of a later state; the signature was checked before. Throws when the key has gone since. */
  holder(view: ControlView, signed: SignedRequest): KeyHolder {
    const holder = view.keyHolder(signed.accessKeyId);
    if (!holder) throw unknownKeyOrSignature();
    return holder;
  }
}
