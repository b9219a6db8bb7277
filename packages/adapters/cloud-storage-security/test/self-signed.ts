import { generateKeyPairSync, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** A key pair with a certificate for it, as DER by hand: Node reads certificates and makes none. */
export function selfSigned(validity: { readonly from: string; readonly to: string }): {
  readonly privateKey: KeyObject;
  readonly pem: string;
} {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const algorithm = sequence(tlv(0x06, Buffer.from("2a864886f70d01010b", "hex")), tlv(0x05, Buffer.alloc(0)));
  const name = sequence(
    tlv(0x31, sequence(tlv(0x06, Buffer.from("550403", "hex")), tlv(0x0c, Buffer.from("sns.amazonaws.com")))),
  );
  const time = (iso: string) => tlv(0x17, Buffer.from(`${iso.replaceAll(/[-T:]/g, "").slice(2, 14)}Z`));
  const toBeSigned = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(validity.from), time(validity.to)),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("RSA-SHA256", toBeSigned, privateKey);
  const der = sequence(toBeSigned, algorithm, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return { privateKey, pem: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n` };
}

const sequence = (...parts: readonly Buffer[]) => tlv(0x30, Buffer.concat(parts));

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
