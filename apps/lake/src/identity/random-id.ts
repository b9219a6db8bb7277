/** A prefix and 16 random characters of RFC 4648's alphabet, from 10 bytes. */
export function randomId(prefix: "TRIB" | "ASIA" | "AIDA" | "AROA", randomBytes: (size: number) => Uint8Array): string {
  let bits = "";
  for (const byte of randomBytes(10)) bits += byte.toString(2).padStart(8, "0");
  return `${prefix}${bits.replaceAll(/.{5}/g, (five) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Number.parseInt(five, 2)]!)}`;
}
