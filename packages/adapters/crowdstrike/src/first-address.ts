import { ipAddress, valueAt } from "@tributary/adapter-kit";
import type { Taking } from "@tributary/adapter-kit";

/** The first of some members that is an address; that one is taken, what else stands in the others stays in the rest. */
export function firstAddress(
  record: unknown,
  take: Taking | undefined,
  paths: readonly (readonly string[])[],
): string | undefined {
  for (const path of paths) {
    const address = ipAddress(valueAt(record, ...path));
    if (address === undefined) continue;
    take?.text(...path);
    return address;
  }
  return undefined;
}
