import { isIpLiteral } from "@tributary/schema";

/** A block of addresses: those whose first `prefix` bits are `bits`'s. */
export interface IpRange {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** Parses `192.0.2.0/24`, `2001:db8::/32` or a single address. Answers undefined for anything else. */
export function parseIpRange(text: string): IpRange | undefined {
  const slash = text.indexOf("/");
  const address = parseIp(slash === -1 ? text : text.slice(0, slash));
  if (!address) return undefined;
  const size = address.family === 4 ? 32 : 128;
  if (slash === -1) return { ...address, prefix: size };
  const length = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > size) return undefined;
  return { ...address, prefix: Number(length) };
}

/** Whether the address literal lies in the range. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is its IPv4 address. */
export function ipInRange(text: string, range: IpRange): boolean {
  let address = parseIp(text);
  if (address?.family === 6 && address.bits >> 32n === 0xffffn)
    address = { family: 4, bits: address.bits & 0xffff_ffffn };
  if (address?.family !== range.family) return false;
  const shift = BigInt((range.family === 4 ? 32 : 128) - range.prefix);
  return address.bits >> shift === range.bits >> shift;
}

function parseIp(text: string): { readonly family: 4 | 6; readonly bits: bigint } | undefined {
  if (!isIpLiteral(text)) return undefined;
  if (!text.includes(":")) return { family: 4, bits: ipv4(text) };
  const [head = [], tail = []] = text.split("::").map(groups);
  const zeros = Array<bigint>(8 - head.length - tail.length).fill(0n);
  return { family: 6, bits: [...head, ...zeros, ...tail].reduce((bits, group) => (bits << 16n) | group, 0n) };
}

function ipv4(text: string): bigint {
  return text.split(".").reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

/** The 16-bit groups of one side of `::`. */
function groups(text: string): bigint[] {
  if (text === "") return [];
  return text.split(":").flatMap((part) => {
    if (!part.includes(".")) return [BigInt(`0x${part}`)];
    const last = ipv4(part);
    return [last >> 16n, last & 0xffffn];
  });
}
