import { Refused } from "@tributary/adapter-kit";
import { problemText } from "./mapping-problem.ts";
import type { MappingProblem } from "./mapping-problem.ts";

/** Thrown for a mapping document that is wrong, with all that is wrong with it. Not retryable: the document must change. */
export class MappingInvalid extends Refused {
  static readonly code = "MAPPING_INVALID";
  readonly problems: readonly MappingProblem[];

  constructor(problems: readonly MappingProblem[], file?: string) {
    const [first] = problems;
    const lines = problems.slice(0, maxShown).map((problem) => problemText(problem, file));
    if (problems.length > maxShown) lines.push(`... and ${problems.length - maxShown} more.`);
    super(MappingInvalid.code, `The mapping is wrong.\n${lines.join("\n")}`, first?.path ?? "");
    this.problems = problems;
  }
}

const maxShown = 20;
