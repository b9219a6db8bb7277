import type { Io } from "../commands/command.ts";
import type { Tally } from "../pipeline/tally.ts";
import { group } from "./table.ts";

/** One line on stderr that is written over, ten times a second at most; nothing where stderr is no terminal. */
export function progressLine(
  stderr: Io["stderr"],
  now: () => number,
): { update(tally: Readonly<Tally>, input: string): void; clear(): void } {
  if (stderr.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  const startedAt = now();
  let lastAt = 0;
  return {
    update(tally, input) {
      const at = now();
      if (at - lastAt < 100) return;
      lastAt = at;
      const rate = Math.round((tally.read / Math.max(at - startedAt, 1)) * 1000);
      const dead = tally.dead > 0 ? `, ${group(tally.dead)} dead` : "";
      const line = `${group(tally.read)} read, ${group(tally.delivered)} delivered, ${group(tally.queued)} queued${dead}, ${group(rate)}/s  ${input}`;
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? 80) - 1)}`);
    },
    clear: () => void stderr.write("\r\u001b[2K"),
  };
}
