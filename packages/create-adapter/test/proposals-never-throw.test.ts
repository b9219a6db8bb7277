import { CreateAdapterError, propose, readSamples, scaffold } from "@tributary/create-adapter";
import type { Samples } from "@tributary/create-adapter";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { oddRecords, oddValues } from "./odd-records.ts";

const identity = { name: "acme", displayName: "Acme", source: "Custom" };
const records = fc.array(oddRecords, { minLength: 1, maxLength: 5 });

test("a proposal is made of any JSON samples, and the package of it has fixtures of events", () => {
  fc.assert(
    fc.property(records, fc.boolean(), (samples, keepValues) => {
      for (const cef of [false, true]) expect(propose(samples, { cef }).samples).toBe(samples.length);
      const made = scaffold(
        identity,
        { format: { kind: "ndjson" }, records: samples, lines: [], unread: 0 },
        { keepValues },
      );
      expect(made.fixtures.length).toBeGreaterThan(0);
      for (const { event } of made.fixtures) {
        expect(event).not.toContain("ADAPTER_FAULT");
      }
    }),
    { numRuns: 600 },
  );
});

test("any file is samples, or refused with a reason", () => {
  const file = fc.oneof(
    oddValues.map((one) => JSON.stringify(one)),
    fc.array(oddValues, { maxLength: 4 }).map((all) => all.map((one) => JSON.stringify(one)).join("\n")),
    fc.string({ unit: "binary" }),
    fc
      .array(fc.array(fc.string({ maxLength: 8 }), { maxLength: 4 }), { maxLength: 4 })
      .map((rows) => rows.map((row) => row.join(",")).join("\n")),
    fc.string().map((text) => `CEF:0|a|b|c|d|e|5|${text}`),
  );
  const check = fc.check(
    fc.property(
      fc.oneof(
        file.map((text) => new TextEncoder().encode(text)),
        fc.uint8Array(),
      ),
      fc.boolean(),
      (bytes, isCut) => {
        const samples = samplesOf(bytes, isCut);
        return samples === undefined || scaffold(identity, samples, { keepValues: false }).files.size > 8;
      },
    ),
    { numRuns: 1000 },
  );
  expect(check.failed, `${check.counterexample?.toString()} ${String(check.errorInstance)}`).toBe(false);
});

/** Undefined where the file is refused as it should be. */
function samplesOf(bytes: Uint8Array, isCut: boolean): Samples | undefined {
  try {
    return readSamples(bytes, { isCut });
  } catch (error) {
    if (error instanceof CreateAdapterError && error.code === "SAMPLES_NOT_USABLE") return undefined;
    throw error;
  }
}
