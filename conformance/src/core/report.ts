import type { Clause, Profile } from "./clause.ts";

/**
 * pass; fail: a MUST or an OBSERVED is not met, or a SHOULD in a strict run; warn: a SHOULD is not met; skip: the subject does not claim
 * what the check needs; error: the harness failed; known: fails as the list of known failures says.
 */
export type Status = "pass" | "fail" | "warn" | "skip" | "error" | "known";

/** One request and its answer, ready to be tried again. */
export interface Evidence {
  readonly curl: string;
  /** Undefined where the AWS CLI would not send it. */
  readonly awsCli: string | undefined;
  readonly answer: string;
}

/** One of several requests that show a miss together. */
export interface PlayedStep {
  /** For people. */
  readonly text: string;
  /** What of the answer matters. */
  readonly answered: string;
  readonly evidence?: Evidence | undefined;
}

export interface Result {
  readonly clause: Clause;
  readonly status: Status;
  /** Why it was skipped, what the harness failed at, or that a known failure passes. */
  readonly note?: string | undefined;
  readonly expected?: string | undefined;
  readonly got?: string | undefined;
  readonly found?: { readonly counterexample: string; readonly seed: number; readonly path: string } | undefined;
  /** What was asked one after the other, the miss last. */
  readonly steps?: readonly PlayedStep[] | undefined;
  /** The last exchange of the check. */
  readonly evidence?: Evidence | undefined;
}

export interface Report {
  readonly suite: string;
  readonly version: string;
  /** Date of the specification that the clauses speak of. */
  readonly specification: string;
  readonly profile: Profile;
  readonly subject: string;
  readonly seed: number;
  readonly strict: boolean;
  /** Operations that the subject does not have, where nothing could be checked for that. */
  readonly unsupported?: readonly string[] | undefined;
  readonly results: readonly Result[];
}

/** How many results there are of each status. */
export function totals(report: Report): Readonly<Record<Status, number>> {
  const counts = { pass: 0, fail: 0, warn: 0, skip: 0, error: 0, known: 0 };
  for (const { status } of report.results) counts[status]++;
  return counts;
}

/** Whether the subject may claim the profile: nothing failed, the harness did its work, and something was checked. */
export function conforms(report: Report): boolean {
  const counts = totals(report);
  return counts.fail === 0 && counts.error === 0 && counts.pass > 0;
}
