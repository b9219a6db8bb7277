import type { Arbitrary } from "fast-check";

/** What a subject has beyond the least; a check that needs a claim it does not make is skipped, and says so. */
export const claims = {
  "control-plane": "the control plane answers at the same endpoint",
  "other-account": "credentials of a second account are given",
  role: "a session of a role of the owner's account is given",
  clock: "the subject's clock is the run's",
  "other-role": "a session of a role of another account is given",
  "own-store": "a store is made for the run",
  "management-store": "a store of management events is named, whose ingestion may be stopped and started",
  queries: "the server answers queries, too",
  quotas: "the account is the run's alone, with the quotas of AWS",
} as const;
export type Claim = keyof typeof claims;

/** Checks one clause. @typeParam World what the checks of a profile act on */
export interface Check<World> {
  /** An id of clauses.json. */
  readonly clause: string;
  readonly needs?: readonly Claim[];
  /** Returns when the clause is met; throws `Unmet`, or anything else when the harness itself fails. */
  readonly run: (world: World, tools: Tools) => Promise<void>;
}

/** What a run gives to its checks. */
export interface Tools {
  /**
   * Searches for an input on which `holds` throws, and shrinks it. `holds` calls `witness` when the interesting case was really met;
   * a search that meets none is an error of the harness, never a pass.
   */
  readonly property: <T>(
    input: Arbitrary<T>,
    holds: (value: T, witness: () => void) => Promise<void>,
    options?: {
      readonly runs?: number;
      /** As a part of the run's inputs, where one costs more or less than usual. */
      readonly share?: number;
      /** The smallest input for people; cut JSON by default. */
      readonly show?: (value: T) => string;
    },
  ) => Promise<void>;
}
