import type { Objects } from "../../src/objects/objects.ts";
import { memoryObjects } from "../memory-tables.ts";
import type { Scheduler } from "./scheduler.ts";

/** The answer to a put was lost; it may have taken effect, or may yet. */
export class TimedOut extends Error {}

/** Objects whose writes may be lost, late, or delivered twice. What resolves is there. */
export function simulatedObjects(scheduler: Scheduler): Objects & {
  readonly stored: Map<string, Uint8Array>;
  deliverLate(): void;
  readonly writtenAt: ReadonlyMap<string, number>;
} {
  const objects = memoryObjects();
  const writtenAt = new Map<string, number>();
  let late: { readonly path: string; readonly bytes: Uint8Array; readonly at: number }[] = [];
  const write = (path: string, bytes: Uint8Array): void => {
    objects.stored.set(path, bytes);
    writtenAt.set(path, scheduler.now);
  };
  return {
    ...objects,
    writtenAt,
    put: async (path, content) => {
      if (!(content instanceof Uint8Array)) throw new Error("objects in memory take bytes");
      const bytes = content;
      const { random, step, calm } = scheduler;
      const fault = calm
        ? "none"
        : random.chance(25)
          ? random.pick(["lost", "late", "twice", "unanswered"] as const)
          : "none";
      if (fault === "late" || fault === "twice") late.push({ path, bytes, at: step + random.below(200) });
      if (fault === "lost" || fault === "late") throw new TimedOut(path);
      await objects.put(path, bytes);
      write(path, bytes);
      if (fault === "unanswered") throw new TimedOut(path);
    },
    /** Writes whose time has come. */
    deliverLate: () => {
      const due = late.filter(({ at }) => at <= scheduler.step);
      late = late.filter(({ at }) => at > scheduler.step);
      for (const { path, bytes } of due) write(path, bytes);
    },
  };
}
