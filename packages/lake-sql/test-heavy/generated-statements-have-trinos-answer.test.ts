import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, openActivityStores, rowsOf } from "../test/duckdb.ts";
import { answersAlike } from "./generated/answers-alike.ts";
import { createRows, forLake, forTrino, smaller, statements, type Part } from "./generated/statement.ts";
import { askTrino, fetchTrino, type TrinoAnswer } from "./trino.ts";

const missing = fetchTrino();
if (missing !== undefined) console.log(`skipped, there is no Trino to ask: ${missing}`);

/** A push compares a few that are known to agree; more, and others: TRINO_STATEMENTS=2000 TRINO_SEED=7. */
const runs = Number(process.env["TRINO_STATEMENTS"] ?? 40);
const seed = Number(process.env["TRINO_SEED"] ?? 4);

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

async function ourAnswer(statement: string): Promise<TrinoAnswer> {
  try {
    return { rows: await rowsOf(connection, compile(statement).sql), types: [] };
  } catch (error) {
    return { error: String(error) };
  }
}

interface Found {
  readonly part: Part;
  readonly trino: TrinoAnswer;
  readonly ours: TrinoAnswer;
}

/** Those of the statements that Trino answers otherwise, in their order; one batch. */
async function differing(parts: readonly Part[]): Promise<Found[]> {
  const answers = askTrino([createRows, ...parts.map(forTrino)]).slice(1);
  const found: Found[] = [];
  for (const [index, part] of parts.entries()) {
    const trino = answers[index];
    const ours = await ourAnswer(forLake(part));
    if (trino !== undefined && !answersAlike(trino, ours)) found.push({ part, trino, ours });
  }
  return found;
}

/** A difference in as few words as a few batches find. */
async function smallest(found: Found): Promise<Found> {
  let least = found;
  for (let round = 0; round < 8; round++) {
    const [better] = await differing(smaller(least.part).slice(0, 60));
    if (better === undefined) return least;
    least = better;
  }
  return least;
}

test.skipIf(missing !== undefined)("small statements of all types have Trino's answer", async () => {
  console.log(`${runs} statements, seed ${seed}`);
  const [first] = await differing(fc.sample(statements, { numRuns: runs, seed }));
  if (first === undefined) return;
  const { part, trino, ours } = await smallest(first);
  const statement = forLake(part);
  expect({ seed, statement, answer: ours }).toEqual({ seed, statement, answer: trino });
});
