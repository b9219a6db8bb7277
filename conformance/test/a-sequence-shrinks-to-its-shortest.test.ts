import { expect, test } from "vitest";
import { resultLines } from "../src/report/console-report.ts";
import { sequenceMutants } from "../src/reference/sequence-mutants.ts";
import { rules } from "../src/index.ts";
import { referenceReport } from "./reference-report.ts";

async function missOf(name: string, clause: string) {
  const mutant = sequenceMutants.find((one) => one.name === name)!;
  const report = await referenceReport("sequences", mutant.change(rules), { parts: [clause] });
  return report.results[0]!;
}

test("a store that is not restored as it was is shown by its deletion and its restoration, each with its request", async () => {
  const miss = await missOf("restores a store without its ingestion", "channels/sequences/any");
  expect(miss.steps).toHaveLength(2);
  const text = resultLines(miss, { colour: false, command: "tributary-conformance channels" });
  expect(text).toMatch(/smallest {2}DeleteEventDataStore store-1\n/);
  expect(text).toMatch(/expected {2}HTTP 200 .*"Status":"ENABLED".* to step 2, RestoreEventDataStore store-1\n/);
  expect(text).toMatch(/ 1\. DeleteEventDataStore store-1: HTTP 200 /);
  expect(text.match(/curl -i/g)).toHaveLength(2);
  expect(text).toMatch(
    /again {5}tributary-conformance channels --grep channels\/sequences\/any --seed -?\d+ --path [\d:]+/,
  );
});

test("a store that is gone too early is shown by its deletion, the days, and what was asked of it then", async () => {
  const miss = await missOf("keeps a deleted store for six days", "channels/sequences/while");
  const texts = miss.steps?.map(({ text }) => text) ?? [];
  expect(texts).toContain("DeleteEventDataStore store-1");
  expect(texts.filter((text) => /day/.test(text)).length).toBeGreaterThan(0);
  expect(texts.length).toBeLessThan(6);
});
