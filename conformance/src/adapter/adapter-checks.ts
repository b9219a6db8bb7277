import { AssertionError } from "node:assert";
import type { Adapter } from "@tributary/adapter-kit";
import { adapterSuite } from "@tributary/adapter-kit/suite";
import type { Check } from "../core/check.ts";
import { Unmet } from "../core/unmet.ts";
import { adapterPromises, fixtureClause } from "./adapter-promises.ts";

type Body = () => void | Promise<void>;

/**
 * The profile `adapter`: the kit's suite, promise by promise.
 * @param fixtures the folder of its fixture pairs
 * @param runs inputs of each search
 */
export function adapterChecks(adapter: Adapter, fixtures: string | URL, runs?: number): readonly Check<undefined>[] {
  const bodies = new Map<string, Body[]>();
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
      bodies.set(clause, [...(bodies.get(clause) ?? []), body]);
    },
  });
  return [...bodies].map(([clause, all]) => ({
    clause,
    run: async () => {
      for (const body of all) await judged(body);
    },
  }));
}

/** Whatever the adapter throws is the adapter's: the suite is the caller of a contract. */
async function judged(body: Body): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { message } = error;
    if (error instanceof AssertionError && error.generatedMessage)
      throw new Unmet(JSON.stringify(error.expected) ?? "undefined", JSON.stringify(error.actual) ?? "undefined");
    throw new Unmet("the promise kept", message.split("\n").slice(0, 12).join("\n"));
  }
}
