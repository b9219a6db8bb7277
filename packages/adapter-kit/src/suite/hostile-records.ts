import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Adapter } from "../contract/adapter.ts";
import type { Json } from "../contract/json.ts";
import { mapFrame } from "../decode/map-frame.ts";
import { anyJson } from "./any-json.ts";
import { arbitraryOf } from "./arbitrary-of.ts";
import { assertNothingLost, assertValid, codeOf, isResult, shown } from "./assertions.ts";
import { fixtureContext } from "./fixtures.ts";
import type { FixtureRecord } from "./fixtures.ts";
import { lostLeaves } from "./lost-leaves.ts";
import { mutated } from "./mutated.ts";

/** What the suite hands to a group of its tests. */
export interface HostileOptions {
  /** Declares a test by the name of what is promised. */
  readonly promise: (name: string, run: () => void) => void;
  readonly adapter: Adapter;
  readonly accepted: readonly FixtureRecord[];
  readonly runs: number;
  readonly print: (line: string) => void;
}

/** The part of the suite that hands an adapter what no fixture holds: any JSON, generated records, changed fixtures. */
export function hostileRecords({ promise, adapter, accepted, runs, print }: HostileOptions): void {
  promise("never throws: any JSON, any bytes, any options", () => {
    fc.assert(
      fc.property(anyJson, (value) => adapter.map(value, fixtureContext).every(isResult)),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(adapter.formats)),
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((text) => new TextEncoder().encode(text)),
        ),
        (format, bytes) => mapFrame(adapter, format, bytes, fixtureContext).every(isResult),
      ),
      { numRuns: runs },
    );
    fc.assert(
      fc.property(fc.constantFrom(...accepted), anyJson, ({ record }, options) =>
        adapter.map(record, { ...fixtureContext, options }).every(isResult),
      ),
      { numRuns: Math.ceil(runs / 5) },
    );
  });

  const property = (name: string, arbitrary: fc.Arbitrary<Json>) =>
    promise(`${name} records become valid events, lose nothing, or are refused by name`, () => {
      const counts = { accepted: 0, total: 0 };
      fc.assert(
        fc.property(arbitrary, (record) => {
          for (const result of adapter.map(record, fixtureContext)) {
            counts.total += 1;
            assert.notEqual(codeOf(result), "ADAPTER_FAULT", result.kind === "refused" ? result.message : "");
            if (result.kind !== "event") continue;
            counts.accepted += 1;
            assertValid(result, fixtureContext.accountId, fixtureContext.origin.receivedAt);
          }
          const [only, ...more] = adapter.parts(record);
          if (only === undefined || more.length > 0) return;
          const event = shown(adapter.map(only, fixtureContext)[0]);
          if (event !== undefined) assertNothingLost(lostLeaves(only, event), record);
        }),
        { numRuns: runs },
      );
      print(
        `${adapter.name}: ${name} records: ${counts.accepted} of ${counts.total} accepted (${((100 * counts.accepted) / counts.total).toFixed(1)} %)`,
      );
      assert.ok(counts.accepted > 0, "nothing was accepted: the property shows nothing");
    });
  const examples = accepted.map(({ record }) => record);
  if (examples.length > 0) {
    property("generated", arbitraryOf(adapter.record, examples));
    property("mutated", mutated(examples));
  }
}
