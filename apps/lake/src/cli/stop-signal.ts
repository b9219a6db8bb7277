import { TributaryError } from "@tributary/schema";
import type { CommandIo } from "./command.ts";

/**
 * Aborted by the first SIGINT or SIGTERM, so that a command leaves nothing half done behind; a second one ends the process at once.
 * Its reason is `STOPPED`.
 */
export function stopSignal(io: Pick<CommandIo, "once">, command: string): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    io.once(signal, () =>
      stop.abort(
        new TributaryError(`${signal} stopped the ${command} before its end. Run it again.`, {
          code: "STOPPED",
          retryable: true,
        }),
      ),
    );
  return stop.signal;
}
