import { ipAddress, textAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

const members = ["sourceIPAddress", "ip", "source_ip", "client_ip", "remote_addr"];

/** The first member that is an address, without port and brackets; where it had them the original stays in the rest. */
export function sourceAddress(record: unknown, take: Taking): string | undefined {
  for (const member of members) {
    const address = take.ipAddress(member) ?? ipAddress(withoutPort(textAt(record, member)));
    if (address !== undefined) return address;
  }
  return undefined;
}

/** `192.0.2.7:443` and `[2001:db8::7]:443` without what is not the address. */
function withoutPort(written = ""): string | undefined {
  const [, bracketed, plain] = /^(?:\[([\da-f:.]{2,45})\]|([\d.]{7,15}))(?::\d{1,5})?$/i.exec(written) ?? [];
  return bracketed ?? plain;
}
