import { verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { decodeJson, decodeText, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { stringToSign } from "./string-to-sign.ts";

/** What SNS posts, with everything its signature needs. Nothing in it is believed before {@link SignedMessage.isSignedBy}. */
export interface SignedMessage {
  readonly type: "Notification" | "SubscriptionConfirmation" | "UnsubscribeConfirmation";
  readonly id: string;
  readonly topicArn: string;
  readonly timestamp: string;
  /** Of a handshake; empty for a notification. */
  readonly token: string;
  readonly certificateUrl: string;
  isSignedBy(key: KeyObject): boolean;
}

/** SignatureVersion 1 and 2, both PKCS #1 v1.5. */
const digests: ReadonlyMap<Json | undefined, string> = new Map([
  ["1", "RSA-SHA1"],
  ["2", "RSA-SHA256"],
]);

/** The message of a body; undefined for whatever is none, also for JSON that names a key twice, which parsers read differently. */
export function signedMessage(body: Uint8Array): SignedMessage | undefined {
  const value = parsed(body);
  const text = (member: string): string => {
    const found = valueAt(value, member);
    return typeof found === "string" ? found : "";
  };
  const type = text("Type");
  const signed = stringToSign(type, value);
  const digest = digests.get(valueAt(value, "SignatureVersion"));
  const signature = base64(text("Signature"));
  if (!isType(type) || signed === undefined || digest === undefined || signature === undefined) return undefined;
  return {
    type,
    id: text("MessageId"),
    topicArn: text("TopicArn"),
    timestamp: text("Timestamp"),
    token: text("Token"),
    certificateUrl: text("SigningCertURL"),
    isSignedBy: (key) => verifies(digest, signed, key, signature),
  };
}

const isType = (type: string): type is SignedMessage["type"] =>
  type === "Notification" || type === "SubscriptionConfirmation" || type === "UnsubscribeConfirmation";

function parsed(body: Uint8Array): Json | undefined {
  try {
    return decodeJson(decodeText(body)).value;
  } catch {
    return undefined;
  }
}

/** Bytes of padded base64; undefined for anything Node would decode only in part. RSA signatures of up to 8192 bits. */
function base64(text: string): Buffer | undefined {
  if (text === "" || text.length > 1368) return undefined;
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

function verifies(digest: string, signed: string, key: KeyObject, signature: Buffer): boolean {
  try {
    return verify(digest, Buffer.from(signed), key, signature);
  } catch {
    // A key of another kind, or a digest that this machine's policy forbids.
    return false;
  }
}
