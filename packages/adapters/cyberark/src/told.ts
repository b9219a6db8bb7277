import type { Origin } from "@tributary/adapter-kit";

/** What a mapping is told beside its record. */
export interface Told {
  readonly id: string;
  readonly origin: Origin;
  /** Of times that have none. */
  readonly zone: string;
}
