import type { KillMoment } from "./kill-moment.ts";

/** A state, its sources and its lake, with one process after the other working on them. */
export interface Lane {
  /** Records issued so far. */
  readonly records: number;
  /** Starts the process and kills it at the moment, if that comes. Answers what was unfinished then; undefined for nothing. */
  live(moment: KillMoment): Promise<string | undefined>;
  /** Lets a last process end undisturbed and holds what came of each record against what was issued; answers what is wrong. */
  finish(): Promise<readonly string[]>;
  end(): Promise<void>;
}

export interface LaneOptions {
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly hasStrace: boolean;
  /** A `tributary` with a planted fault. */
  readonly program?: string | undefined;
  readonly env?: Record<string, string> | undefined;
  /** A lake of the product in place of the oracle's own server. */
  readonly realLake?: boolean | undefined;
}
