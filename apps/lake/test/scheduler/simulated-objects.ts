import type { Objects } from "../../src/objects/objects.ts";
import { memoryObjects } from "../memory-tables.ts";
import type { Scheduler } from "./scheduler.ts";

/** The answer to a put was lost; it may have taken effect, or may yet. */
export class TimedOut extends Error {}

/** A request that was answered arrives again within this, when its signature is still good. One without an answer may come at any time. */
const repeatedWithinMs = 900_000;

/** Objects whose writes may be lost, late, or delivered twice. What resolves is there, unless it is replaced. */
export function simulatedObjects(scheduler: Scheduler): Objects & {
  readonly stored: Map<string, Uint8Array>;
  deliverLate(all?: boolean): void;
  readonly writtenAt: ReadonlyMap<string, number>;
} {
  const objects = memoryObjects();
  const writtenAt = new Map<string, number>();
  let late: {
    readonly path: string;
    readonly bytes: Uint8Array;
    readonly at: number;
    readonly replaces: boolean;
    readonly until: number;
  }[] = [];
  const write = (path: string, bytes: Uint8Array): void => {
    objects.stored.set(path, bytes);
    writtenAt.set(path, scheduler.now);
  };
  const faulty = async (path: string, bytes: Uint8Array, replaces: boolean): Promise<void> => {
    const { random, step, calm } = scheduler;
    const fault = calm
      ? "none"
      : random.chance(25)
        ? random.pick(["lost", "late", "twice", "unanswered"] as const)
        : "none";
    if (fault === "late" || fault === "twice")
      late.push({
        path,
        bytes,
        at: step + random.below(200),
        replaces,
        until: fault === "twice" ? scheduler.now + repeatedWithinMs : Infinity,
      });
    if (fault === "lost" || fault === "late") throw new TimedOut(path);
    await (replaces ? objects.replace(path, bytes) : objects.put(path, bytes));
    write(path, bytes);
    if (fault === "unanswered") throw new TimedOut(path);
  };
  return {
    ...objects,
    writtenAt,
    put: async (path, content) => {
      if (!(content instanceof Uint8Array)) throw new Error("objects in memory take bytes");
      await faulty(path, content, false);
    },
    replace: (path, content) => faulty(path, content, true),
    /** Writes whose time has come, or all of them. */
    deliverLate: (all = false) => {
      const due = late.filter(({ at }) => all || at <= scheduler.step);
      late = late.filter(({ at }) => !all && at > scheduler.step);
      // A put that comes late finds what came before it, and changes nothing.
      for (const { path, bytes, replaces, until } of due)
        if (until > scheduler.now && (replaces || !objects.stored.has(path))) write(path, bytes);
    },
  };
}
