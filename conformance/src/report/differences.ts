import type { Clause } from "../core/clause.ts";
import type { Report, Result } from "../core/report.ts";
import { clauseLine, detailLines } from "./console-report.ts";

/** A clause that ended otherwise at two subjects. */
export interface Difference {
  readonly clause: Clause;
  readonly first: Result;
  readonly second: Result;
}

/** What two runs of the same checks with the same seed do not have in common. */
export interface Differences extends Pick<
  Report,
  "suite" | "version" | "specification" | "profile" | "seed" | "strict"
> {
  readonly subjects: readonly [string, string];
  /** Clauses that both were checked for. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** The clauses whose status is not the same in both reports. */
export function differencesOf(one: Report, other: Report): Differences {
  const { suite, version, specification, profile, seed, strict } = one;
  const results = new Map(other.results.map((result) => [result.clause.id, result]));
  const pairs = one.results.flatMap((first): readonly Difference[] => {
    const second = results.get(first.clause.id);
    return second === undefined ? [] : [{ clause: first.clause, first, second }];
  });
  const subjects = [one.subject, other.subject] as const;
  const differences = pairs.filter(({ first, second }) => first.status !== second.status);
  return { suite, version, specification, profile, subjects, seed, strict, compared: pairs.length, differences };
}

/** For a terminal: each clause with what was asked and answered at either end. */
export function differenceLines({ profile, subjects, seed, compared, differences }: Differences): string {
  const side = (subject: string, result: Result): readonly string[] => [
    `    ${subject}  ${result.status}${result.note === undefined ? "" : `  ${result.note}`}`,
    ...detailLines(result, `tributary-conformance ${profile} --endpoint ${subject}`).map((line) => `      ${line}`),
  ];
  const lines = differences.flatMap(({ clause, first, second }) => [
    `≠ ${clause.id}`,
    `    ${clauseLine(clause)}`,
    ...side(subjects[0], first),
    ...side(subjects[1], second),
  ]);
  const verdict = `${differences.length} of ${compared} clauses of the profile ${profile} end otherwise at ${subjects[1]} than at ${subjects[0]}, seed ${seed}`;
  return [...lines, ...(lines.length === 0 ? [] : [""]), verdict].join("\n");
}
