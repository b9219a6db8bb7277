import type { ServerWorld } from "../server/server-world.ts";

/** Waits, as the subject has it. */
export function pause({ wire }: ServerWorld, ms: number): Promise<void> {
  return wire.subject.pause?.(ms) ?? new Promise((resolve) => setTimeout(resolve, ms));
}
