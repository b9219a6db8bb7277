import { type Check, type Claim, claims } from "./check.ts";
import { type Clause, clauses, type Profile } from "./clause.ts";
import { unlessAborted } from "./interrupted.ts";
import type { Evidence, Report, Result } from "./report.ts";
import { search } from "./search.ts";
import { seedFor } from "./seed-for.ts";
import { Unmet } from "./unmet.ts";
import { Unsupported } from "./unsupported.ts";
import { specificationDate, suiteName, suiteVersion } from "./version.ts";

export interface RunOptions<World> {
  readonly profile: Profile;
  readonly checks: readonly Check<World>[];
  readonly world: World;
  /** Names the subject in reports. */
  readonly subject: string;
  readonly claimed: ReadonlySet<Claim>;
  readonly seed: number;
  /** Of an earlier failure; with `only` one clause. */
  readonly path?: string | undefined;
  /** A part of a clause's id. */
  readonly only?: string | undefined;
  /** A SHOULD counts as a MUST. */
  readonly strict?: boolean | undefined;
  /** Clauses that are known to fail. */
  readonly known?: ReadonlySet<string> | undefined;
  /** Inputs of each search; 25. */
  readonly runs?: number | undefined;
  /** What the subject was last asked and answered since `forget`, where it is asked over a wire. */
  readonly exchanges?: { readonly evidence: Evidence | undefined; readonly forget: () => void } | undefined;
  /** A pass tells its last exchange, too. */
  readonly evidenceOfPasses?: boolean | undefined;
  /** Operations that the subject does not have. */
  readonly unsupported?: readonly string[] | undefined;
  /** Ends the run: what was not checked by then is an error. */
  readonly signal?: AbortSignal | undefined;
  readonly onResult?: ((result: Result) => void) | undefined;
}

/** Runs a profile's checks one after the other. Never throws for what the subject does. */
export async function runChecks<World>(options: RunOptions<World>): Promise<Report> {
  const { profile, subject, seed, strict = false, only, checks } = options;
  const byId = new Map(clauses().map((clause) => [clause.id, clause]));
  const results: Result[] = [];
  for (const check of checks) {
    const clause = byId.get(check.clause);
    if (clause === undefined) throw new Error(`The check of ${check.clause} has no clause in clauses.json.`);
    if (only !== undefined && !clause.id.includes(only)) continue;
    const result = await runOne(check, clause, options);
    results.push(result);
    options.onResult?.(result);
  }
  return {
    suite: suiteName,
    version: suiteVersion(),
    specification: specificationDate,
    profile,
    subject,
    seed,
    strict,
    ...(options.unsupported !== undefined && { unsupported: options.unsupported }),
    results,
  };
}

async function runOne<World>(check: Check<World>, clause: Clause, options: RunOptions<World>): Promise<Result> {
  const { claimed, world, strict = false, known, runs = 25, path, exchanges, signal } = options;
  const missing = check.needs?.find((claim) => !claimed.has(claim));
  if (missing !== undefined) return { clause, status: "skip", note: `not claimed: ${claims[missing]}` };
  const ending = () => (signal?.aborted === true ? told(signal.reason) : undefined);
  const before = ending();
  if (before !== undefined) return { clause, status: "error", note: `not run: ${before}` };
  // One seed per check: it does not matter which ran before.
  const seed = path === undefined ? seedFor(options.seed, clause.id) : options.seed;
  const forget = () => exchanges?.forget();
  forget();
  try {
    await unlessAborted(signal, () =>
      check.run(world, {
        property: search({ seed, path, runs, onInput: forget }),
      }),
    );
  } catch (error) {
    // What a check makes of the end is nothing that the subject did.
    const during = ending();
    if (during !== undefined)
      return { clause, status: "error", note: `not finished: ${during}`, evidence: exchanges?.evidence };
    const missStatus = clause.level === "SHOULD" && !strict ? "warn" : "fail";
    if (error instanceof Unsupported) return { clause, status: missStatus, note: `not supported: ${error.message}` };
    if (!(error instanceof Unmet)) return { clause, status: "error", note: told(error), evidence: exchanges?.evidence };
    const { expected, got, found, steps } = error;
    const miss = { clause, expected, got, found, ...(steps !== undefined && { steps }), evidence: exchanges?.evidence };
    if (known?.has(clause.id)) return { ...miss, status: "known" };
    return { ...miss, status: missStatus };
  }
  if (known?.has(clause.id))
    return { clause, status: "fail", note: "is listed as a known failure, and passes: take it off the list" };
  return { clause, status: "pass", ...(options.evidenceOfPasses === true && { evidence: exchanges?.evidence }) };
}

const told = (error: unknown): string => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));
