import { ipAddress } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** The first of the values that is an address: sign-ins carry it there and nowhere else. */
export function firstAddress(values: readonly Json[]): string | undefined {
  return values.map(ipAddress).find((address) => address !== undefined);
}
