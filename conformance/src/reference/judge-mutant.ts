import type { Mutant } from "./mutant.ts";

/** What a mutant's run says about the suite; empty when all is as the mutant says. */
export interface Verdict {
  /** Nothing failed: the suite does not see this defect. */
  readonly survived: boolean;
  /** Clauses that failed and are not named. */
  readonly unnamed: readonly string[];
  /** What is named and did not fail. */
  readonly missed: readonly string[];
}

/** Compares the clauses that failed on a mutant with those that it names. */
export function judgeMutant({ kills }: Pick<Mutant, "kills">, failed: readonly string[]): Verdict {
  const survived = failed.length === 0;
  if (kills.includes("*")) return { survived, unnamed: [], missed: [] };
  const named = kills.map((part) => part.replace(/\?$/, ""));
  return {
    survived,
    unnamed: failed.filter((id) => !named.some((part) => id.startsWith(part))),
    missed: kills.filter((part) => !part.endsWith("?") && !failed.some((id) => id.startsWith(part))),
  };
}
