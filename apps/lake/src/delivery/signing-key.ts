import { createHash, createPrivateKey, generateKeyPair, sign } from "node:crypto";
import { promisify } from "node:util";
import { TributaryError } from "@tributary/schema";
import type { ControlCatalog, SigningKeyRecord } from "../catalog/control-catalog.ts";
import type { DataKeys } from "../secrets/data-keys.ts";

/** Signs what is delivered, by the lake's key. */
export interface ResultSigner {
  readonly fingerprint: string;
  /** RSA with PKCS #1 v1.5 and SHA-256, hexadecimal. */
  sign(text: string): string;
}

/** The lake's key for deliveries, made when there is none. Throws `SIGNING_KEY_DAMAGED`, and what the master key throws. */
export async function openSigningKey(
  catalog: Pick<ControlCatalog, "readControl" | "changeControl">,
  dataKeys: Pick<DataKeys, "of">,
  now: () => number,
): Promise<ResultSigner> {
  for (;;) {
    const state = await catalog.readControl();
    const dataKey = dataKeys.of(state);
    if (state.signingKey !== undefined) {
      const { fingerprint, sealedPrivateKey } = state.signingKey;
      const pem = dataKey.open("signing-key", fingerprint, sealedPrivateKey);
      if (pem === undefined)
        throw new TributaryError("The key that signs deliveries does not open: restore the catalog from a backup.", {
          code: "SIGNING_KEY_DAMAGED",
        });
      const key = createPrivateKey(pem);
      return { fingerprint, sign: (text) => sign("sha256", Buffer.from(text), key).toString("hex") };
    }
    const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const der = publicKey.export({ type: "pkcs1", format: "der" });
    const fingerprint = createHash("md5").update(der).digest("hex");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const signingKey: SigningKeyRecord = {
      fingerprint,
      publicKey: der.toString("base64"),
      sealedPrivateKey: dataKey.seal("signing-key", fingerprint, pem),
      createdAt: now(),
    };
    await catalog.changeControl(state.generation, [{ kind: "putSigningKey", signingKey }]);
  }
}
