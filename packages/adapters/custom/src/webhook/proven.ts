import type { WebhookRequest } from "@tributary/adapter-kit";
import { matchesHmac, matchesSecret, withinWindow } from "@tributary/adapter-kit/webhook";
import type { WebhookOptions } from "./webhook-options.ts";

type Proof = WebhookOptions["proofs"][number];

/** A proven delivery; `replayKey` where its proof covers an id of the delivery. */
export interface Proven {
  readonly replayKey?: string;
}

/**
 * What the first proof that holds tells of a delivery; undefined where none holds.
 * @param now ms since 1970, for the replay window
 */
export function proven(request: WebhookRequest, proofs: readonly Proof[], now: number): Proven | undefined {
  for (const [index, proof] of proofs.entries()) {
    const found = byOne(request, proof, now);
    if (found === undefined) continue;
    // Two senders may count alike; no id holds a full stop.
    return found.replayKey === undefined || index === 0 ? found : { replayKey: `${index}.${found.replayKey}` };
  }
  return undefined;
}

function byOne({ headers, body }: WebhookRequest, proof: Proof, now: number): Proven | undefined {
  if (proof.kind === "header") return matchesSecret(headers.get(proof.header), proof.secrets) ? {} : undefined;
  if (proof.kind === "bearer") {
    const token = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "")?.[1];
    return matchesSecret(token, proof.secrets) ? {} : undefined;
  }
  const id = headers.get("webhook-id") ?? "";
  const at = headers.get("webhook-timestamp") ?? "";
  // A full stop parts what is signed: within the id it could move the parts.
  if (!/^[^\s.]{1,256}$/.test(id) || !/^\d{1,12}$/.test(at) || !withinWindow(at, now)) return undefined;
  const signed = [`${id}.${at}.`, body];
  // A key of nothing, as of `whsec_` alone, is known to everybody.
  const secrets = proof.secrets.filter((secret) => signingKey(secret.reveal()).length > 0);
  const options = { algorithm: "sha256", encoding: "base64", secrets, keyOf: signingKey } as const;
  const signatures = (headers.get("webhook-signature") ?? "").split(" ").slice(0, maxSignatures);
  const isSigned = signatures.some((one) => one.startsWith("v1,") && matchesHmac(one.slice(3), signed, options));
  return isSigned ? { replayKey: id } : undefined;
}

/** A sender signs with the new secret and the old one; more than a few signatures are an attack. */
const maxSignatures = 16;

/** The key of a secret as senders show it: base64 behind `whsec_` or alone; any other text is the key itself. */
function signingKey(secret: string): Uint8Array {
  const text = secret.startsWith("whsec_") ? secret.slice("whsec_".length) : secret;
  const bytes = Buffer.from(text, "base64");
  return bytes.length > 0 && bytes.toString("base64") === text ? bytes : Buffer.from(text, "utf8");
}
