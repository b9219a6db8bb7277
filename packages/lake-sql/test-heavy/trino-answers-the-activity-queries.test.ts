import { expect, test } from "vitest";
import { activityQueries } from "../test/activity/activity-queries.ts";
import { sameCells } from "../test/activity/activity-query.ts";
import { createTrinoStores, forTrino } from "../test/activity/events.ts";
import { askTrino, fetchTrino } from "./trino.ts";

const missing = fetchTrino();
if (missing !== undefined) console.log(`skipped, there is no Trino to ask: ${missing}`);

test.skipIf(missing !== undefined)("every question about activity events has Trino's answer", () => {
  const answers = askTrino([
    ...createTrinoStores,
    ...activityQueries.map(({ statement, trino }) => forTrino(trino ?? statement)),
  ]).slice(createTrinoStores.length);
  const wrong = activityQueries.flatMap(({ name, rows }, index) => {
    const answer = answers[index]!;
    const same = "rows" in answer && JSON.stringify(sameCells(answer.rows)) === JSON.stringify(sameCells(rows));
    return same ? [] : [{ name, answer }];
  });
  expect(wrong).toEqual([]);
});
