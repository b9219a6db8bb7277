import { expect, test } from "vitest";
import { mutants, rules } from "../src/index.ts";
import { profileOf, referenceReport } from "./reference-report.ts";

/** A lake that answers nearly nothing is found by whatever comes first. */
const anything = ["ingest/channel", "ingest/response", "ingest/event/"];

test.each(mutants)("$name", async (mutant) => {
  const named = mutant.kills.filter((part) => !part.endsWith("?"));
  const parts = mutant.kills.includes("*") ? anything : named;
  const report = await referenceReport(profileOf(mutant.kills), mutant.change(rules), { parts });
  const failed = report.results.filter(({ status }) => status === "fail").map(({ clause }) => clause.id);
  expect(failed).not.toEqual([]);
  expect(parts === anything ? [] : named.filter((part) => !failed.some((id) => id.startsWith(part)))).toEqual([]);
});
