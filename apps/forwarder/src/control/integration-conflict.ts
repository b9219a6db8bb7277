import { TributaryError } from "@tributary/schema";

/** Thrown when what is declared cannot stand beside what is there; nothing was changed. Not retryable: one of the two must change. */
export class IntegrationConflict extends TributaryError {
  static readonly code = "INTEGRATION_CONFLICT";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"), { code: IntegrationConflict.code });
    this.problems = problems;
  }
}
