/** The run was ended from outside, or its time was over: what was not checked by then is an error of the harness, never a pass. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** Waits for the work, but no longer than the signal lets it. Rejects with the signal's reason. */
export async function unlessAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal === undefined) return work();
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  const coming = work();
  // Nobody waits for it any more.
  coming.catch(() => undefined);
  try {
    return await Promise.race([coming, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}
