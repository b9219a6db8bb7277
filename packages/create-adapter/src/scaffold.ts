import type { Fixture } from "./fixtures/fixture.ts";
import { fixturesOf } from "./fixtures/fixtures-of.ts";
import { filesOf } from "./package/files-of.ts";
import { adapterOf } from "./proposal/adapter-of.ts";
import type { Identity } from "./proposal/identity.ts";
import type { Proposal } from "./proposal/proposal.ts";
import { propose } from "./proposal/propose.ts";
import type { Samples } from "./samples/samples.ts";

/** A new package, not yet written. */
export interface Scaffold {
  readonly proposal: Proposal;
  readonly fixtures: readonly Fixture[];
  /** Texts by their paths in the package. */
  readonly files: ReadonlyMap<string, string>;
  /** How many of the samples become events of the proposed mapping, and how many there are. */
  readonly accepted: number;
  readonly samples: number;
}

/**
 * The package of a proposed adapter for sample records. Pure: reads and writes nothing. No value of a sample is in its files
 * unless `keepValues` is true; names of members are.
 */
export function scaffold(identity: Identity, samples: Samples, options: { readonly keepValues: boolean }): Scaffold {
  const proposal = propose(samples.records, { cef: samples.format.kind === "cef" });
  const adapter = adapterOf(proposal, identity, samples.format);
  const fixtures = fixturesOf(samples, proposal, adapter, options);
  const context = { accountId: "111122223333", origin: { receivedAt: "2100-01-01T00:00:00Z", occurrence: 0 } };
  const results = samples.records.flatMap((record) => adapter.map(record, context));
  return {
    proposal,
    fixtures,
    files: filesOf(proposal, identity, samples.format, fixtures),
    accepted: results.filter(({ kind }) => kind === "event").length,
    samples: samples.records.length,
  };
}
