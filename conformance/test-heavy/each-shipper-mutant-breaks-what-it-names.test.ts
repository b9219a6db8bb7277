import { expect, test } from "vitest";
import { judgeMutant, shipperChecks, shipperMutants, shipperRules } from "../src/index.ts";
import { shipperReport } from "../test/shipper-subject.ts";
import { drawn, seed, share } from "./drawn.ts";

const proven = new Set<string>();

console.log(`matrix of shipper: a share of ${share}, TRIBUTARY_SEED=${seed}`);

/** A shipper of which nearly nothing holds is found by what takes no patience, and proves two checks that no other one fails. */
const anything = [
  "shipper/request/",
  "shipper/event/",
  "shipper/batch/",
  "shipper/partial/refused-entry-stops-no-other",
  "shipper/retry/stored-but-not-answered",
];

/** What a mutant is held against: what it names; those that are drawn, their whole profile, which waits long for some of them. */
function partsOf({ name, kills, within }: (typeof shipperMutants)[number]): readonly string[] | undefined {
  if (drawn(name) < share) return within;
  return kills.includes("*") ? anything : kills.map((part) => part.replace(/\?$/, ""));
}

async function judge(mutant: (typeof shipperMutants)[number]): Promise<void> {
  const report = await shipperReport({ ...shipperRules, ...mutant.change }, partsOf(mutant));
  const failed = report.results.filter(({ status }) => status !== "pass").map(({ clause }) => clause.id);
  expect(judgeMutant(mutant, failed)).toEqual({ survived: false, unnamed: [], missed: [] });
  for (const id of failed) proven.add(id);
}

/** What is found by the clock: on a machine that is busy one that never pauses seems to. */
const isTimed = ({ kills }: (typeof shipperMutants)[number]) => kills.includes("shipper/retry/backs-off");

// Most of the time they wait.
test.concurrent.each(shipperMutants.filter((mutant) => !isTimed(mutant)))("$name", judge);
test.each(shipperMutants.filter(isTimed))("$name", { retry: 3 }, judge);

test("each check is proven by a mutant", () => {
  expect(shipperChecks.map(({ clause }) => clause).filter((id) => !proven.has(id))).toEqual([]);
});
