import type { KillMoment } from "./kill-moment.ts";
import type { Strike } from "./life.ts";

/** The moments that strace finds. */
export function strikeOf(moment: KillMoment | undefined, statePath: string): Strike | undefined {
  if (moment?.at !== "write" && moment?.at !== "sync") return undefined;
  return { call: moment.at, number: moment.number, statePath };
}
