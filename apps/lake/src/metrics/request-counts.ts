import type { Observation } from "../access/observation.ts";

/** Requests and events counted, by labels of which there are only so many. */
export interface Counts {
  /** By operation, then by outcome. */
  readonly requests: Record<string, Record<string, number>>;
  accepted: number;
  /** Entries of PutAuditEvents, by error code. */
  readonly refused: Record<string, number>;
  unknownKeys: number;
  expired: number;
}

/** Counts of requests since the start. */
export class RequestCounts {
  readonly #counts: Counts = empty();

  observe({ operation, outcome, note }: Observation): void {
    increase((this.#counts.requests[operation] ??= {}), outcome, 1);
    if (note.events === undefined) return;
    this.#counts.accepted += note.events.accepted;
    this.#counts.unknownKeys += note.events.unknownKeys;
    this.#counts.expired += note.events.expired;
    for (const [code, count] of Object.entries(note.events.refused)) increase(this.#counts.refused, code, count);
  }

  get counts(): Counts {
    return this.#counts;
  }
}

function empty(): Counts {
  return { requests: {}, accepted: 0, refused: {}, unknownKeys: 0, expired: 0 };
}

function increase(counts: Record<string, number>, name: string, by: number): void {
  counts[name] = (counts[name] ?? 0) + by;
}
