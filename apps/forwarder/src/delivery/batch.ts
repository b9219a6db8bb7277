/** Parcels that leave in one request. */
export interface Batch<P> {
  readonly parcels: readonly P[];
  /**
   * `fresh`: for the first time; `half`: of a batch that was refused as a whole; `failed`: its request was not answered, and
   * goes again byte for byte; `events`: what an answer asked to send again, from one request or several.
   */
  readonly kind: "fresh" | "half" | "failed" | "events";
  /** Requests of it, or of what it was a half of, that were not answered. */
  readonly failures: number;
}

/** Sent before, and not known to be refused: what a budget of retries is for. */
export function isRetry(batch: Batch<unknown> | undefined): boolean {
  return batch?.kind === "failed" || batch?.kind === "events";
}

/** The two halves of a batch that was refused as a whole. */
export function halvesOf<P>({ parcels, failures }: Batch<P>): readonly [Batch<P>, Batch<P>] {
  const middle = parcels.length >> 1;
  const half = (part: readonly P[]): Batch<P> => ({ parcels: part, kind: "half", failures });
  return [half(parcels.slice(0, middle)), half(parcels.slice(middle))];
}
