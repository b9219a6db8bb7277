import type { PlayedStep } from "./report.ts";

/** A clause that is not met: what was expected, what came. Everything else that a check throws is a fault of the harness. */
export class Unmet extends Error {
  override readonly name = "Unmet";
  readonly expected: string;
  readonly got: string;
  /** The smallest input that shows it, where it was searched for. */
  readonly found: { readonly counterexample: string; readonly seed: number; readonly path: string } | undefined;
  /** What was asked one after the other, where that matters. */
  readonly steps: readonly PlayedStep[] | undefined;

  constructor(expected: string, got: string, found?: Unmet["found"], steps?: Unmet["steps"]) {
    super(`expected ${expected}; got ${got}`);
    this.expected = expected;
    this.got = got;
    this.found = found;
    this.steps = steps;
  }
}

/** Runs; what is not as expected says what it was about. @param what follows what was expected, for instance `for a request of 1 MB` */
export async function about<T>(what: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Unmet)) throw error;
    throw new Unmet(`${error.expected} ${what}`, error.got, error.found, error.steps);
  }
}

/** Throws {@link Unmet} unless it holds. @param got is printed, cut to a readable length */
export function expects(holds: boolean, expected: string, got: unknown): asserts holds {
  if (!holds) throw new Unmet(expected, shown(got));
}

/** A value as one short line. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 400 ? `${text.slice(0, 400)}... (${text.length} characters)` : text;
}
