import type { KillMoment } from "./kill-moment.ts";
import type { Injection, Strike } from "./life.ts";

/** What strace does to a process. */
export function strikeOf(moment: KillMoment | undefined, statePath: string): Strike | Injection | undefined {
  if (moment?.at === "errors") return { errors: moment.errors, statePath };
  if (moment?.at !== "write" && moment?.at !== "sync") return undefined;
  return { call: moment.at, number: moment.number, statePath };
}

/** What was not done when a strike came. */
export const struckText = (moment: KillMoment | undefined, file: string): string =>
  `${moment?.at ?? ""} of ${file.endsWith("-wal") ? "log" : "database"}`;
