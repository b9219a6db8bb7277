import { emptyTally, type Tally } from "../pipeline/tally.ts";
import type { ChunkFlow } from "../pipeline/chunk-flow.ts";

/** What an integration's delivery has done since the process started. */
export interface DeliveryCounts {
  /** `read` counts records again that a parked delivery takes up again; the ends of records are counted once. */
  readonly tally: Tally;
  readonly deadByCode: ReadonlyMap<string, number>;
  readonly droppedByRule: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly retries: number;
  /** Answers that asked for less. */
  readonly throttled: number;
  /** Requests that may be in flight now; 0 while nothing is sent. */
  readonly concurrency: number;
  /** The newest eventTime that was delivered; seconds since 1970, 0 for none. */
  readonly newestDelivered: number;
}

export const noCounts: DeliveryCounts = {
  tally: emptyTally(),
  deadByCode: new Map(),
  droppedByRule: new Map(),
  requests: 0,
  retries: 0,
  throttled: 0,
  concurrency: 0,
  newestDelivered: 0,
};

/** Earlier counts and those of a flow. */
export function withFlow(counts: DeliveryCounts, { ledger, courier }: ChunkFlow): DeliveryCounts {
  const { tally } = ledger;
  const sum = (key: keyof Tally) => counts.tally[key] + tally[key];
  return {
    tally: {
      read: sum("read"),
      delivered: sum("delivered"),
      alreadyDelivered: sum("alreadyDelivered"),
      changed: sum("changed"),
      dead: sum("dead"),
      dropped: sum("dropped"),
      queued: tally.queued,
    },
    deadByCode: added(counts.deadByCode, ledger.deadByCode),
    droppedByRule: added(counts.droppedByRule, ledger.droppedByRule),
    requests: counts.requests + courier.counts.requests,
    retries: counts.retries + courier.counts.retries,
    throttled: counts.throttled + courier.counts.throttled,
    concurrency: courier.stopped === undefined ? courier.concurrency : 0,
    newestDelivered: Math.max(counts.newestDelivered, ledger.newestDelivered),
  };
}

function added(before: ReadonlyMap<string, number>, more: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const all = new Map(before);
  for (const [key, count] of more) all.set(key, (all.get(key) ?? 0) + count);
  return all;
}
