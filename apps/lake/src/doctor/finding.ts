import { messageOf } from "../message-of.ts";

/** What one look found. `warn`: the lake works, and should not be left so; `fail`: it does not, or loses something. */
export interface Finding {
  readonly check: string;
  readonly verdict: "ok" | "warn" | "fail";
  /** What was found, in words. */
  readonly found: string;
  /** What to do; none where nothing is to be done. */
  readonly fix?: string | undefined;
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: "ok", found };
}

export function warn(check: string, found: string, fix: string): Finding {
  return { check, verdict: "warn", found, fix };
}

export function fail(check: string, found: string, fix: string): Finding {
  return { check, verdict: "fail", found, fix };
}

/** What `look` finds; what it throws is a failure too. */
export function guarded(check: string, look: () => Finding, fix: string): Finding {
  try {
    return look();
  } catch (error) {
    return fail(check, messageOf(error), fix);
  }
}
