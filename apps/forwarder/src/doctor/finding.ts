/**
 * What one look found. `problem`: records do not flow, or are lost; `warning`: they flow, and it should not be left so;
 * `not known`: it could not be looked at, and why.
 */
export interface Finding {
  /** `this machine`, `state`, `listen`, or the name of an integration. */
  readonly subject: string;
  /** What was looked at: `policy`. */
  readonly check: string;
  readonly verdict: "ok" | "warning" | "problem" | "not known";
  readonly found: string;
  /** What that means, where it is not plain. */
  readonly means?: string | undefined;
  /** What to do; none where nothing is to be done. */
  readonly fix?: string | undefined;
}

/** Makes findings of one subject. */
export function findingsOf(subject: string) {
  return {
    ok: (check: string, found: string): Finding => ({ subject, check, verdict: "ok", found }),
    warning: (check: string, found: string, fix: string, means?: string): Finding => ({
      subject,
      check,
      verdict: "warning",
      found,
      means,
      fix,
    }),
    problem: (check: string, found: string, fix: string, means?: string): Finding => ({
      subject,
      check,
      verdict: "problem",
      found,
      means,
      fix,
    }),
    notKnown: (check: string, found: string, fix?: string): Finding => ({
      subject,
      check,
      verdict: "not known",
      found,
      fix,
    }),
  };
}
