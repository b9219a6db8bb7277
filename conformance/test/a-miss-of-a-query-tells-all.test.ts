import { expect, test } from "vitest";
import { mutants, type Result, rules } from "../src/index.ts";
import { resultLines } from "../src/report/console-report.ts";
import { referenceReport } from "./reference-report.ts";

async function missOf(
  name: string,
  clause: string,
  again: { readonly seed?: number; readonly path?: string } = {},
): Promise<Result> {
  const mutant = mutants.find((one) => one.name === name)!;
  const report = await referenceReport("query", mutant.change(rules), { parts: [clause], ...again });
  return report.results[0]!;
}
const text = (miss: Result): string => resultLines(miss, { colour: false, command: "tributary-conformance query" });

test("rows that are out of order stand beside those that were asked for, with the statement and how to send it again", async () => {
  const told = text(await missOf("puts NULL first in descending order", "query/select/null-sorts"));
  expect(told).toMatch(
    /expected {2}40 rows \[\["uid-05","Throttled"\].* of SELECT eventData\.UID.* ORDER BY eventData\.errorCode DESC/,
  );
  expect(told).toMatch(
    /got {7}40 rows \[\["uid-00",""\].*row 1 is \["uid-00",""\] instead of \["uid-05","Throttled"\]/,
  );
  expect(told).toMatch(/again {5}tributary-conformance query --grep query\/select\/null-sorts-last\n/);
  expect(told).toMatch(/aws cloudtrail start-query .*ORDER BY eventData\.errorCode DESC/);
  expect(told).toMatch(/aws cloudtrail get-query-results .*--query-id [0-9a-f-]{36}\n/);
  expect(told).not.toMatch(/\$(STORE|MINE)/);
});

test("an event that a condition misses is shown as it was put", async () => {
  const told = text(await missOf("cuts milliseconds", "query/time/fractions"));
  expect(told).toMatch(/missing: 1 row \[\["uid-17"\]\].*put was \{"version":"1\.0".*"UID":"uid-17"/);
});

test("one value of a statement with many is told by its expression", async () => {
  const told = text(await missOf("splits without a limit", "query/function/split"));
  expect(told).toMatch(/expected {2}array_join\(split\('a,b,c', ',', 2\), '\|'\) is "a\|b,c"\n/);
  expect(told).toMatch(/got {7}"a\|b\|c", of SELECT /);
});

test("a law that is broken shrinks to one key, and its seed and path go straight to it", async () => {
  const miss = await missOf("sorts by UTF-16", "query/law/order");
  const { seed, path, counterexample } = miss.found!;
  expect(JSON.parse(counterexample)).toEqual({
    keys: [{ field: "eventData.userIdentity.principalId", descending: false }],
  });
  const again = await missOf("sorts by UTF-16", "query/law/order", { seed, path });
  expect(again.found?.counterexample).toBe(counterexample);
});
