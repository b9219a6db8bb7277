import type { RequestPoint } from "./oracle-lake.ts";

/** When a process is killed: at a request that has no answer, or at a write of its state that is not committed. */
export type KillMoment =
  | { readonly at: "request"; readonly point: RequestPoint; readonly number: number }
  | { readonly at: "page"; readonly point: "unanswered" | "half-answered"; readonly number: number }
  | { readonly at: "push"; readonly number: number; readonly waitMs: number }
  | { readonly at: "write" | "sync"; readonly number: number }
  /** No kill: strace makes calls on the state fail. */
  | { readonly at: "errors"; readonly errors: string };

const points = ["before-store", "after-store", "half-answered"] as const;

/** A moment early in a process's life: the next ones follow soon. @param sources the process has a poller and a webhook */
export function killMoment(random: () => number, options: { strace: boolean; sources: boolean }): KillMoment {
  const early = (most: number) => 1 + Math.floor(random() ** 2 * most);
  const luck = random();
  if (options.strace && luck < 0.5)
    return random() < 0.75 ? { at: "write", number: early(120) } : { at: "sync", number: early(10) };
  if (options.sources && luck < 0.65) return { at: "push", number: early(8), waitMs: Math.floor(random() * 4) };
  if (options.sources && luck < 0.75)
    return { at: "page", point: random() < 0.5 ? "unanswered" : "half-answered", number: early(6) };
  return { at: "request", point: points[Math.floor(random() * points.length)]!, number: early(8) };
}
