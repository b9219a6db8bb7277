import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter } from "@tributary/adapter-kit";
import { compareFixture, readFixtures } from "@tributary/adapter-kit/suite";
import { afterAll, expect, test } from "vitest";
import {
  adapterChecks,
  adapterMutants,
  adapterPromises,
  clauses,
  fixtureClause,
  judgeMutant,
  referenceAdapter,
  referenceFixtures,
  runChecks,
} from "../src/index.ts";

/** Fixtures of the reference adapter, with the events that it makes of them. */
function fixtures(): string {
  const made = mkdtempSync(join(tmpdir(), "conformance-adapter-"));
  for (const [file, text] of Object.entries(referenceFixtures)) writeFileSync(join(made, file), text);
  const adapter = referenceAdapter();
  process.env["TRIBUTARY_FIXTURES"] = "update";
  for (const fixture of readFixtures(adapter, made)) compareFixture(adapter, fixture);
  delete process.env["TRIBUTARY_FIXTURES"];
  return made;
}

async function failed(adapter: Adapter): Promise<readonly string[]> {
  const report = await runChecks({
    profile: "adapter",
    checks: adapterChecks(adapter, folder, 200),
    world: undefined,
    subject: "example",
    claimed: new Set(),
    seed: 1,
    strict: true,
  });
  expect(report.results).toHaveLength(Object.keys(adapterPromises).length + 1);
  return report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
}

const folder = fixtures();
afterAll(() => rmSync(folder, { recursive: true }));
const asked = clauses().filter(({ profile }) => profile === "adapter");

test("every promise of the kit's suite has its clause", () => {
  expect(asked.map(({ id }) => id).toSorted()).toEqual([...Object.values(adapterPromises), fixtureClause].toSorted());
});

test("the reference adapter keeps its promises", async () => {
  expect(await failed(referenceAdapter())).toEqual([]);
});

const proven = new Set<string>();

test.each(adapterMutants)("an adapter that $name fails what it names, and no more", async (mutant) => {
  const found = await failed(mutant.adapter());
  expect(judgeMutant(mutant, found)).toEqual({ survived: false, unnamed: [], missed: [] });
  for (const id of found) proven.add(id);
});

test("each check of adapters is proven by a mutant", () => {
  expect(asked.map(({ id }) => id).filter((id) => !proven.has(id))).toEqual([]);
});

test("a miss names the fixture and its line, or the smallest record and what became of it", async () => {
  const mutant = adapterMutants.find(({ name }) => name === "keeps the members that it knows")!;
  const report = await runChecks({
    profile: "adapter",
    checks: adapterChecks(mutant.adapter(), folder, 100),
    world: undefined,
    subject: "example",
    claimed: new Set(),
    seed: 1,
  });
  const of = (id: string) => report.results.find(({ clause }) => clause.id === id);
  expect(of(fixtureClause)?.expected).toMatch(/^fixture login: line \d+: "at": "2026-01-01T10:00:00Z"/);
  const searched = of("adapter/mutated-records");
  expect(searched?.got).toContain("these leaves are nowhere in the event of");
  expect(searched?.found?.counterexample).toContain('"action"');
  expect(searched?.found?.path).toMatch(/^[\d:]+$/);
});
