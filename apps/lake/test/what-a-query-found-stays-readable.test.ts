import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, TestLake, entry, run } from "./test-lake.ts";

let lake: TestLake;
let store: string;

async function started(statement: string): Promise<unknown> {
  const { json } = await lake.control("StartQuery", { QueryStatement: statement });
  return json["QueryId"];
}

/** The first answer of DescribeQuery that is as wanted. */
async function until(queryId: unknown, wanted: (status: unknown) => boolean): Promise<Answer> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const answer = await lake.control("DescribeQuery", { QueryId: queryId });
    if (wanted(answer.json["QueryStatus"])) return answer;
    if (performance.now() > deadline) throw new Error(`The query stayed ${String(answer.json["QueryStatus"])}.`);
  }
}
const ended = (queryId: unknown): Promise<Answer> =>
  until(queryId, (status) => status !== "QUEUED" && status !== "RUNNING");

const results = (queryId: unknown, more: object = {}): Promise<Answer> =>
  lake.control("GetQueryResults", { QueryId: queryId, ...more });

beforeAll(async () => {
  lake = await TestLake.start({ queryTimeoutMs: 4000 });
  const storeArn = await lake.store();
  store = storeArn.split("/")[1]!;
  await lake.put(await lake.channel([storeArn]), [entry("a")]);
  // So that no query below spends its time on waiting.
  await ended(await started(`SELECT 1 FROM ${store}`));
});
afterAll(() => lake.close());

// Rows at once, and then work without an end: the rows are there when the time is over.
const endless = (): string =>
  `SELECT x, y FROM ${store} CROSS JOIN UNNEST(sequence(1, 100000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 100000)) AS u(y)`;

test("a query whose time is over shows the rows it had found, page by page, and says that they are not all", async () => {
  const queryId = await started(endless());
  const { json } = await ended(queryId);
  expect(json).toMatchObject({
    QueryStatus: "TIMED_OUT",
    ErrorMessage: expect.stringContaining("longer than 4 seconds") as string,
  });
  const first = await results(queryId, { MaxQueryResults: 2 });
  expect(first).toMatchObject({
    status: 200,
    json: { QueryStatus: "TIMED_OUT", QueryStatistics: { ResultsCount: 2 } },
  });
  const row = [{ x: expect.any(String) as string }, { y: expect.any(String) as string }];
  expect(first.json["QueryResultRows"]).toEqual([row, row]);
  const statistics = first.json["QueryStatistics"] as { readonly TotalResultsCount: number };
  expect(statistics.TotalResultsCount).toBeGreaterThan(1000);
  const next = await results(queryId, { MaxQueryResults: 2, NextToken: first.json["NextToken"] });
  expect(next.json["QueryResultRows"]).toHaveLength(2);
  expect(next.json["QueryResultRows"]).not.toEqual(first.json["QueryResultRows"]);
});

test("a query that runs answers its status and an empty page", async () => {
  const queryId = await started(`SELECT count(*) FROM (${endless()}) WHERE x * y % 7 = 3`);
  await until(queryId, (status) => status === "RUNNING");
  expect(await results(queryId)).toMatchObject({
    status: 200,
    json: { QueryStatus: "RUNNING", QueryResultRows: [], QueryStatistics: { ResultsCount: 0, TotalResultsCount: 0 } },
  });
  expect((await results(queryId)).json).not.toHaveProperty("NextToken");
  await lake.control("CancelQuery", { QueryId: queryId });
});

describe("a result over --max-result-bytes", () => {
  test("is FAILED with the limit in the reason, and takes no room", async () => {
    const { options } = lake;
    await lake.lake.close();
    // The limit alone ends it, however busy the machine is.
    Object.assign(options, { maxResultBytes: 200_000, queryTimeoutMs: undefined });
    await lake.serve();
    const queryId = await started(endless());
    expect((await ended(queryId)).json).toMatchObject({
      QueryStatus: "FAILED",
      ErrorMessage: expect.stringContaining("larger than 200000 bytes") as string,
    });
    expect((await results(queryId)).json["QueryResultRows"]).toEqual([]);
    expect(readdirSync(join(lake.data, "objects", "results"))).not.toContain(queryId);
    const small = await started(`SELECT x FROM ${store} CROSS JOIN UNNEST(sequence(1, 100)) AS t(x)`);
    expect((await ended(small)).json["QueryStatus"]).toBe("FINISHED");
    expect((await results(small)).json["QueryResultRows"]).toHaveLength(100);
  });

  test.each(["0", "-1", "1e9", "many"])("%s is no limit", async (text) => {
    const { code, stderr } = await run(["serve", "--data", lake.data, `--max-result-bytes=${text}`]);
    expect(code).toBe(2);
    expect(stderr).toContain("--max-result-bytes must be a number from 1");
  });
});
