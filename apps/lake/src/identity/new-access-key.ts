import type { AccessKey } from "../catalog/control-catalog.ts";

export interface KeyEnvironment {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** An enabled access key for an identity: a random id and a random secret. */
export function newAccessKey(identityArn: string, { now, randomBytes }: KeyEnvironment): AccessKey {
  return {
    accessKeyId: `TRIB${base32(randomBytes(10))}`,
    secretAccessKey: Buffer.from(randomBytes(30)).toString("base64"),
    identityArn,
    enabled: true,
    createdAt: now,
  };
}

/** 16 characters of RFC 4648's alphabet for 10 bytes. */
function base32(bytes: Uint8Array): string {
  let bits = "";
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  return bits.replaceAll(/.{5}/g, (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)]!);
}
