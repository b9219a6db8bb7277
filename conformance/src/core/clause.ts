import { readFileSync } from "node:fs";

/** What a claim is about. One badge each. */
export const profiles = ["ingest", "channels", "policy", "query", "shipper", "adapter"] as const;
export type Profile = (typeof profiles)[number];

/**
 * MUST: AWS documents it. OBSERVED: real clients depend on it. SHOULD: our reading where AWS is silent; a miss is a warning, unless
 * the run is strict.
 */
export type Level = "MUST" | "OBSERVED" | "SHOULD";

/** One sentence of the contract. */
export interface Clause {
  /** Never used again for another sentence. */
  readonly id: string;
  readonly profile: Profile;
  readonly level: Level;
  readonly requirement: string;
  /** The section of the specification, and who says so (the tags of its section 0). */
  readonly source: string;
  /** Why no check can see it from outside. */
  readonly notObservable?: string;
  /**
   * Constraints of requests and modelled errors that no check meets, and that this clause speaks of: ids as in `test/model-facts.json`;
   * `*` for an operation is any.
   */
  readonly covers?: readonly string[];
  /** Since when it is no longer asked, and why. */
  readonly retired?: string;
}

let loaded: readonly Clause[] | undefined;

/** All clauses of clauses.json, by profile, in the order of the specification. */
export function clauses(): readonly Clause[] {
  loaded ??= read();
  return loaded;
}

function read(): readonly Clause[] {
  const text = readFileSync(new URL("../../clauses.json", import.meta.url), "utf8");
  const file: { readonly clauses: readonly Clause[] } = JSON.parse(text);
  return file.clauses;
}
