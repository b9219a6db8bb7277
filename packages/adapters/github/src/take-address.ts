import { ipAddress, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** `actor_ip` when it is an address. It is hidden unless the enterprise discloses source addresses; what else stands there stays in the rest. */
export function takeAddress(record: unknown, take: Taking): string | undefined {
  const address = ipAddress(valueAt(record, "actor_ip"));
  if (address !== undefined) take.text("actor_ip");
  return address;
}
