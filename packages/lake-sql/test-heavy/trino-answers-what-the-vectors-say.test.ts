import { expect, test } from "vitest";
import { supportedFunctions, unsupportedFunctions } from "../src/index.ts";
import { differences } from "../test/vectors/differences.ts";
import { fails } from "../test/vectors/vector.ts";
import { vectors } from "../test/vectors/vectors.ts";
import { askTrino, fetchTrino, type TrinoAnswer } from "./trino.ts";

const missing = fetchTrino();
if (missing !== undefined) console.log(`skipped, there is no Trino to ask: ${missing}`);

const valueOf = (answer: TrinoAnswer): string | null | typeof fails => {
  if ("error" in answer) return fails;
  const [row] = answer.rows;
  if (answer.rows.length !== 1 || row === undefined) return JSON.stringify(answer.rows);
  return row.length === 1 ? row[0]! : JSON.stringify(row);
};

test.skipIf(missing !== undefined)("every vector's value is what Trino answers", () => {
  const asked = [
    ...Object.values(vectors).flat(),
    ...differences.map(({ expression, trino }) => [expression, trino] as const),
  ];
  const answers = askTrino(asked.map(([expression]) => `SELECT ${expression}`));
  const wrong = asked.flatMap(([expression, value], index) => {
    const answer = answers[index]!;
    return valueOf(answer) === value ? [] : [{ expression, value: String(value), answer }];
  });
  console.log(`${asked.length} expressions, ${wrong.length} with another value`);
  expect(wrong).toEqual([]);
});

test.skipIf(missing !== undefined)("every function of Trino is supported, or refused with a reason", () => {
  const [shown] = askTrino(["SHOW FUNCTIONS"]);
  const names = new Set(shown !== undefined && "rows" in shown ? shown.rows.map(([name]) => name ?? "") : []);
  expect(names.size).toBeGreaterThan(250);
  // Written without parentheses.
  names.delete("current_date");
  expect([...names].filter((name) => !supportedFunctions.includes(name) && !unsupportedFunctions.has(name))).toEqual(
    [],
  );
  expect([...unsupportedFunctions.keys()].filter((name) => supportedFunctions.includes(name))).toEqual([]);
});
