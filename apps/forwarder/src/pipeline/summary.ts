import type { Stop } from "../delivery/classify-failure.ts";
import type { State } from "../state/store.ts";
import type { Ledger } from "./ledger.ts";
import { isBalanced, type Tally } from "./tally.ts";

/** What became of one input. */
export interface InputReport {
  readonly name: string;
  readonly format?: string | undefined;
  readonly records: number;
  /** Read to its end. */
  readonly complete: boolean;
  readonly error?: string | undefined;
}

/** Where every record of a run is. */
export interface Summary extends Readonly<Tally> {
  /** Of `read`: left queued by an earlier run. */
  readonly resumed: number;
  /** Promise 1's sum holds, in memory and in the committed state. */
  readonly balanced: boolean;
  readonly deadByCode: Readonly<Record<string, number>>;
  readonly droppedByRule: Readonly<Record<string, number>>;
  /** Values of the events that this run mapped: `redacted`, `trimmed`, `big-number`. */
  readonly marksByKind: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly retries: number;
  /** Body bytes of all requests, without envelope. */
  readonly bytes: number;
  /** Entries of answers that named an id which was not sent. */
  readonly unknownIds: number;
  /** Queued events whose attempts were used up, while the channel as a whole works. */
  readonly left: number;
  readonly seconds: number;
  readonly recordsPerSecond: number;
  readonly inputs: readonly InputReport[];
  readonly stopped?: Stop | undefined;
}

export function summarise(run: {
  readonly ledger: Ledger;
  readonly recounted: Readonly<Record<State, number>>;
  readonly requests: {
    readonly requests: number;
    readonly retries: number;
    readonly bytes: number;
    readonly unknownIds: number;
    readonly left: number;
  };
  readonly resumed: number;
  readonly inputs: readonly InputReport[];
  readonly stopped: Stop | undefined;
  readonly milliseconds: number;
}): Summary {
  const { tally, deadByCode, droppedByRule, marksByKind } = run.ledger;
  const { recounted } = run;
  const agrees =
    recounted.delivered === tally.delivered &&
    recounted.already === tally.alreadyDelivered &&
    recounted.changed === tally.changed &&
    recounted.dead === tally.dead &&
    recounted.dropped === tally.dropped &&
    recounted.queued === tally.queued;
  const seconds = Math.max(run.milliseconds, 1) / 1000;
  return {
    ...tally,
    resumed: run.resumed,
    balanced: agrees && isBalanced(tally) && (tally.queued === 0 || run.stopped !== undefined || run.requests.left > 0),
    deadByCode: Object.fromEntries(deadByCode),
    droppedByRule: Object.fromEntries(droppedByRule),
    marksByKind: Object.fromEntries(marksByKind),
    ...run.requests,
    seconds,
    recordsPerSecond: Math.round(tally.read / seconds),
    inputs: run.inputs,
    ...(run.stopped === undefined ? {} : { stopped: run.stopped }),
  };
}
