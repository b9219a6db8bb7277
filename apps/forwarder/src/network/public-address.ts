import { BlockList, isIP } from "node:net";

const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10], // shared by carriers
  ["127.0.0.0", 8],
  ["169.254.0.0", 16], // link-local, and every cloud's metadata
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const)
  notPublic.addSubnet(network, prefix, "ipv4");
// Of IPv6 only 2000::/3 is given out; in it, these hold other addresses or nothing.
for (const [network, prefix] of [
  ["2001::", 23], // Teredo and other protocols
  ["2001:db8::", 32],
  ["2002::", 16], // 6to4
  ["3fff::", 20],
] as const)
  notPublic.addSubnet(network, prefix, "ipv6");
const givenOut = new BlockList();
givenOut.addSubnet("2000::", 3, "ipv6");

/**
 * Whether an address is one of the public Internet: not private, loopback, link-local, shared, multicast, reserved, nor an IPv6
 * form that holds an IPv4 address (mapped, NAT64, 6to4). What is no address is not public.
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !notPublic.check(address, "ipv4");
  if (family !== 6 || address.includes("%")) return false;
  return givenOut.check(address, "ipv6") && !notPublic.check(address, "ipv6");
}
