import type { Catalog } from "../catalog/catalog.ts";
import type { Clock } from "../clock.ts";

const staleLeaseMs = 10_000;
const leaseBeatMs = 2_000;

export interface LeasePorts {
  readonly catalog: Pick<Catalog, "acquireLease" | "releaseLease">;
  readonly clock: Clock;
  readonly holder: string;
}

/** Does the work while it holds the lease and keeps it alive; answers undefined when another holds it. */
export async function holdLease<T>(
  { catalog, clock, holder }: LeasePorts,
  lease: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const acquire = (): Promise<boolean> => catalog.acquireLease(lease, holder, clock.monotonic(), staleLeaseMs);
  if (!(await acquire())) return undefined;
  const beat = setInterval(() => void acquire().catch(() => undefined), leaseBeatMs);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    await catalog.releaseLease(lease, holder).catch(() => undefined);
  }
}
