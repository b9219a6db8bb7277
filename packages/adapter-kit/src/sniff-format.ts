import type { Adapter } from "./contract/adapter.ts";

/**
 * The format a file seems to have, from its first bytes (4 to 64 kB do well): the first of the adapter's formats, in
 * their order, whose `sniff` says so. Undefined when none does; the user then names one.
 */
export function sniffFormat(adapter: Adapter, head: Uint8Array): string | undefined {
  const text = new TextDecoder("utf-8").decode(head, { stream: true });
  for (const [name, format] of Object.entries(adapter.formats)) {
    try {
      if (format.sniff?.(text) === true) return name;
    } catch {
      // A sniff that fails has not recognised anything.
    }
  }
  return undefined;
}
