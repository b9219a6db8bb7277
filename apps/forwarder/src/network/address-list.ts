import { BlockList, isIP } from "node:net";

/** Networks (`192.0.2.0/24`, `2001:db8::/32`) and single addresses. */
export class AddressList {
  readonly #list = new BlockList();

  /** @param networks each a {@link isNetwork} */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", bits] = network.split("/");
      const family = isIP(address) === 6 ? "ipv6" : "ipv4";
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  /** @param address as {@link plainAddress} writes it */
  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 6 ? "ipv6" : "ipv4");
  }
}

/** Whether a text is an IP address, or one with the number of its network's bits behind a slash. */
export function isNetwork(text: string): boolean {
  const [address = "", bits, ...more] = text.split("/");
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes("%")) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}

/** A peer's address without what sockets add: an IPv4 address within IPv6 is the IPv4 address, a zone is left out. */
export function plainAddress(address: string | undefined): string {
  const [plain = ""] = (address ?? "").split("%");
  const mapped = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(plain);
  return mapped?.[1] ?? plain;
}
