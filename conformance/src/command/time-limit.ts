import { Interrupted } from "../core/interrupted.ts";
import type { Io } from "./io.ts";
import { wholeNumber } from "./reporting.ts";
import { UsageError } from "./usage-error.ts";

/** Longest run of a server's or an adapter's profile, s, unless `--timeout` says otherwise. */
export const defaultTimeout = 900;

/** A signal that aborts when a run's time is over, or when the run is ended from outside. `lift` calls the time off. */
export function timeLimit(
  text: string | undefined,
  io: Pick<Io, "after" | "interruption">,
): { readonly signal: AbortSignal; readonly lift: () => void } {
  const seconds = wholeNumber(text, "--timeout") ?? defaultTimeout;
  if (seconds < 1 || seconds > 1_000_000) throw new UsageError("--timeout takes 1 to 1000000 seconds.");
  const controller = new AbortController();
  const lift = io.after(seconds * 1000, () =>
    controller.abort(new Interrupted(`the run took longer than --timeout ${seconds}`)),
  );
  return { signal: AbortSignal.any([controller.signal, io.interruption.signal]), lift };
}
