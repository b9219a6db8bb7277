import { AssertionError } from "node:assert";
import type { Adapter } from "@tributary/adapter-kit";
import { adapterSuite } from "@tributary/adapter-kit/suite";
import type { Check } from "../core/check.ts";
import { Unmet } from "../core/unmet.ts";
import { adapterPromises, fixtureClause } from "./adapter-promises.ts";

/** A promise of the kit's suite. */
interface KitPromise {
  readonly name: string;
  readonly body: () => void | Promise<void>;
}

/**
 * The profile `adapter`: the kit's suite, promise by promise.
 * @param fixtures the folder of its fixture pairs
 * @param runs inputs of each search
 */
export function adapterChecks(adapter: Adapter, fixtures: string | URL, runs?: number): readonly Check<undefined>[] {
  const bodies = new Map<string, KitPromise[]>();
  const prefix = `${adapter.name}: `;
  adapterSuite({
    adapter,
    fixtures,
    ...(runs !== undefined && { runs }),
    print: () => undefined,
    test: (name, body) => {
      const promise = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      const clause = promise.startsWith("fixture ") ? fixtureClause : adapterPromises[promise];
      if (clause === undefined) throw new Error(`The kit's suite has a promise without a clause: ${promise}`);
      bodies.set(clause, [...(bodies.get(clause) ?? []), { name: promise, body }]);
    },
  });
  return [...bodies].map(([clause, all]) => ({
    clause,
    run: async () => {
      for (const one of all) await judged(one);
    },
  }));
}

/** Whatever the adapter throws is the adapter's: the suite is the caller of a contract. */
async function judged({ name, body }: KitPromise): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw unmet(name, error);
  }
}

/** What the kit's suite says, as expected and got. */
function unmet(name: string, error: Error): Unmet {
  if (error instanceof AssertionError && typeof error.expected === "string" && typeof error.actual === "string") {
    const [wanted, got] = differing(error.expected, error.actual);
    return new Unmet(`${name}: ${wanted}`, got);
  }
  if (error instanceof AssertionError && error.generatedMessage)
    return new Unmet(JSON.stringify(error.expected) ?? "undefined", JSON.stringify(error.actual) ?? "undefined");
  const search = /seed: (-?\d+), path: "([\d:]+)"[^]*?Counterexample: (.*)/.exec(error.message);
  if (search === null) return new Unmet(name, error.message.split("\n").slice(0, 12).join("\n"));
  const [, seed = "", path = "", counterexample = ""] = search;
  const why = error.cause instanceof Error ? error.cause.message : "it does not";
  return new Unmet(name, why.split("\n").slice(0, 12).join("\n"), { counterexample, seed: Number(seed), path });
}

/** The first lines in which two texts differ. */
function differing(expected: string, actual: string): readonly [string, string] {
  const [wanted, got] = [expected.split("\n"), actual.split("\n")];
  const at = wanted.findIndex((line, index) => line !== got[index]);
  const from = Math.max(at, 0);
  const shownOf = (lines: readonly string[]) =>
    `line ${from + 1}: ${lines
      .slice(from, from + 3)
      .join(" ")
      .trim()}`;
  return [shownOf(wanted), shownOf(got)];
}
