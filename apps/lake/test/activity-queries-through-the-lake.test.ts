import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { activityQueries } from "../../../packages/lake-sql/test/activity/activity-queries.ts";
import { sameCells } from "../../../packages/lake-sql/test/activity/activity-query.ts";
import { events, stores, withIds, type Value } from "../../../packages/lake-sql/test/activity/events.ts";
import { TestLake } from "./test-lake.ts";

// A question starts a process here, on machines that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const spelling: Readonly<Record<string, string>> = {
  useridentity: "userIdentity",
  principalid: "principalId",
  useragent: "userAgent",
  eventsource: "eventSource",
  eventname: "eventName",
  eventtime: "eventTime",
  uid: "UID",
  requestparameters: "requestParameters",
  responseelements: "responseElements",
  errorcode: "errorCode",
  errormessage: "errorMessage",
  sourceipaddress: "sourceIPAddress",
  recipientaccountid: "recipientAccountId",
  additionaleventdata: "additionalEventData",
};

/** The event as it is sent: its members in AWS's spelling, without those that are null. */
const asSent = (value: Value): Value =>
  typeof value !== "object" || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value).flatMap(([name, inner]) =>
          inner === null ? [] : [[spelling[name] ?? name, asSent(inner)]],
        ),
      );

/** What the server itself gives an event, or keeps of it only to the second, is not asked for. */
const selection = activityQueries
  .filter(({ statement }) => !/eventId|metadata|addendum|SELECT \*|FROM \$CODE c/.test(statement))
  .filter(({ name }) => !name.includes("milliseconds"))
  .filter((_, index) => index % 3 === 0);

let lake: TestLake;
const ids = { SIGN_IN: "", CODE: "" };
beforeAll(async () => {
  lake = await TestLake.start();
  for (const name of ["SIGN_IN", "CODE"] as const) {
    const storeArn = await lake.store(name);
    ids[name] = storeArn.split("/")[1] ?? "";
    const channel = await lake.channel([storeArn], name === "CODE" ? "GitHub" : "Custom");
    const rows = events.find(([id]) => id === stores[name])?.[1] ?? [];
    const sent = rows.map((row) => ({
      id: row["eventid"],
      eventData: JSON.stringify(asSent(row["eventdata"] ?? null)),
    }));
    const { status, text } = await lake.put(channel, sent);
    if (status !== 200 || !text.includes('"failed":[]')) throw new Error(text);
  }
});
afterAll(() => lake.close());

test("a dozen questions are asked", () => {
  expect(selection.length).toBeGreaterThan(11);
});

test.each(selection)("$name", async ({ statement, columns, rows }) => {
  const { json } = await lake.control("StartQuery", { QueryStatement: withIds(statement, ids) });
  const QueryId = json["QueryId"];
  await vi.waitUntil(
    async () =>
      !["QUEUED", "RUNNING"].includes(String((await lake.control("DescribeQuery", { QueryId })).json["QueryStatus"])),
    { timeout: 50_000, interval: 20 },
  );
  const answer = (await lake.control("GetQueryResults", { QueryId })).json as unknown as {
    readonly QueryStatus: string;
    readonly QueryResultRows: readonly (readonly Readonly<Record<string, string>>[])[];
  };
  expect(answer.QueryStatus).toBe("FINISHED");
  for (const row of answer.QueryResultRows) expect(row.map((cell) => Object.keys(cell)[0])).toEqual(columns);
  // NULL is an empty string in an answer.
  const expected = sameCells(rows).map((row) => row.map((cell) => cell ?? ""));
  expect(sameCells(answer.QueryResultRows.map((row) => row.map((cell) => Object.values(cell)[0] ?? "")))).toEqual(
    expected,
  );
});
