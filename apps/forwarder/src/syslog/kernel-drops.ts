import { readFileSync } from "node:fs";

/**
 * Datagrams that the kernel dropped at this machine's sockets of a UDP port, because their receive buffers were full: the last
 * column of /proc/net/udp. Undefined where that cannot be read, as on other systems than Linux.
 */
export function kernelDrops(port: number): number | undefined {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  let drops: number | undefined;
  for (const file of ["/proc/net/udp", "/proc/net/udp6"]) {
    let text: string;
    try {
      text = readFileSync(file, "latin1");
    } catch {
      continue;
    }
    for (const line of text.split("\n").slice(1)) {
      const columns = line.trim().split(/\s+/);
      if (columns[1]?.endsWith(suffix) === true) drops = (drops ?? 0) + Number(columns.at(-1));
    }
  }
  return drops;
}
