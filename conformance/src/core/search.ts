import { type Arbitrary, asyncProperty, check } from "fast-check";
import type { Tools } from "./check.ts";
import { shown, Unmet } from "./unmet.ts";

export interface SearchOptions {
  readonly seed: number;
  /** Where an earlier search ended: goes straight to its counterexample. */
  readonly path?: string | undefined;
  /** Inputs tried, unless the check says otherwise. */
  readonly runs: number;
  /** Called before each input: what was exchanged for an earlier one is forgotten. */
  readonly onInput: () => void;
}

/** Nothing that the property speaks of was met: the check says nothing about the subject. */
export class Vacuous extends Error {
  override readonly name = "Vacuous";
}

/** The `property` of a check's tools. */
export function search({ seed, path, runs, onInput }: SearchOptions): Tools["property"] {
  return async <T>(
    input: Arbitrary<T>,
    holds: (value: T, witness: () => void) => Promise<void>,
    options?: { readonly runs?: number; readonly share?: number; readonly show?: (value: T) => string },
  ): Promise<void> => {
    let witnesses = 0;
    const witness = () => void witnesses++;
    const property = asyncProperty(input, async (value) => {
      onInput();
      await holds(value, witness);
    });
    const numRuns = path === undefined ? (options?.runs ?? Math.ceil(runs * (options?.share ?? 1))) : 1;
    const found = await check(property, { seed, numRuns, ...(path !== undefined && { path }) });
    if (!found.failed) {
      if (witnesses === 0)
        throw new Vacuous(`${found.numRuns} inputs met none of the cases that the property is about`);
      return;
    }
    const [smallest] = found.counterexample ?? [];
    const place = {
      counterexample: smallest === undefined ? "" : (options?.show ?? shown)(smallest),
      seed,
      path: found.counterexamplePath ?? "0",
    };
    // Once more: what is reported is the exchange of the smallest input.
    try {
      onInput();
      if (found.counterexample !== null) await holds(found.counterexample[0], witness);
    } catch (error) {
      if (error instanceof Unmet) throw new Unmet(error.expected, error.got, place, error.steps);
      throw error;
    }
    if (found.errorInstance instanceof Unmet) {
      const { expected, got, steps } = found.errorInstance;
      throw new Unmet(expected, `${got} (and something else when it was tried once more)`, place, steps);
    }
    throw found.errorInstance instanceof Error ? found.errorInstance : new Error(String(found.errorInstance));
  };
}
