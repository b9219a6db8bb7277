import { integer } from "fast-check";
import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects, Unmet } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { runOnce, patiently, type Place, results, rowsOf } from "./ask.ts";
import { rowsText, valuesOf, type Wanted } from "./cells.ts";
import { queryIdChecks } from "./query-id-checks.ts";
import { queried } from "./query-world.ts";

const call = (world: ServerWorld, input: Members): Promise<Answer> => patiently(world, "GetQueryResults", input);

/** Each event with each: 1600 rows, more than a page has. */
const pairs =
  "SELECT a.eventData.UID AS a, b.eventData.UID AS b FROM $STORE a CROSS JOIN $STORE b WHERE $MINE(a) AND $MINE(b) ORDER BY 1, 2";

const sorted = "SELECT eventData.UID FROM $STORE WHERE $MINE ORDER BY 1";

/** More than any result here has. */
const mostPages = 200;

/** All pages of a query, of this size. Throws `Unmet` where they do not end. */
async function pagesOf(world: ServerWorld, QueryId: string, MaxQueryResults: number): Promise<readonly Members[]> {
  const pages: Members[] = [];
  for (let token: unknown; pages.length === 0 || typeof token === "string"; token = pages.at(-1)?.["NextToken"]) {
    pages.push(
      await results(world, { QueryId, MaxQueryResults, ...(typeof token === "string" && { NextToken: token }) }),
    );
    if (pages.length > mostPages)
      throw new Unmet(`a last page of ${QueryId}`, `${mostPages} pages, each with a NextToken`);
  }
  return pages;
}

/** The NextToken of a first page of 10 rows. */
async function tokenOf(place: Place, QueryId: string): Promise<string> {
  const { NextToken: token } = await results(place.world, { QueryId, MaxQueryResults: 10 });
  expects(typeof token === "string", "NextToken, for 10 rows are not all", token);
  return token;
}

const uids = (rows: ReturnType<typeof rowsOf>): readonly Wanted[] => rows.map(valuesOf);

/** Spec 2.7, 2.8 and A.22: GetQueryResults. */
export const resultsChecks: readonly Check<ServerWorld>[] = [
  ...queryIdChecks("results", "GetQueryResults"),
  {
    clause: "query/results/1-to-1000-a-page",
    run: async (world) => {
      const { queryId: QueryId } = await runOnce(await queried(world), pairs);
      for (const size of [1, 2, 999, 1000]) {
        const found = await results(world, { QueryId, MaxQueryResults: size });
        const rows = rowsOf(found).length;
        expects(rows > 0 && rows <= size, `1 to ${size} rows with MaxQueryResults ${size}`, rows);
      }
      for (const size of [0, -1, 1001]) {
        const answer = await call(world, { QueryId, MaxQueryResults: size });
        expects(answer.status !== 200, `MaxQueryResults ${size} is refused`, answer.text);
        refused(answer, "InvalidMaxResultsException", 400);
      }
    },
  },
  {
    clause: "query/results/pages-are-the-whole",
    run: async (world, { property }) => {
      const { queryId, rows, statement } = await runOnce(await queried(world), pairs);
      const whole = uids(rows);
      expects(
        whole.length === 1600 && new Set(whole.map(String)).size === 1600,
        `1600 rows, all different, of ${statement}`,
        rowsText(whole),
      );
      await property(
        integer({ min: 1, max: 1000 }),
        async (size, witness) => {
          // Few calls: what a page of 1 row would need is no other matter than what one of 200 needs.
          const pages = await pagesOf(world, queryId, Math.max(size, 200));
          if (pages.length > 1) witness();
          const got = uids(pages.flatMap(rowsOf));
          const at = whole.findIndex((row, index) => String(row) !== String(got[index]));
          expects(
            got.length === whole.length && at < 0,
            `the pages of ${Math.max(size, 200)} rows, one behind the other, are the ${whole.length} rows in their order, of ${statement}`,
            at < 0
              ? `${got.length} rows`
              : `${got.length} rows; row ${at + 1} is ${String(got[at])} instead of ${String(whole[at])}`,
          );
        },
        { runs: 5 },
      );
    },
  },
  {
    clause: "query/results/small-pages-are-the-whole",
    run: async (world) => {
      const { queryId, rows } = await runOnce(await queried(world), sorted);
      for (const size of [1, 7, 40]) {
        const got = uids((await pagesOf(world, queryId, size)).flatMap(rowsOf));
        expects(String(got) === String(uids(rows)), `the 40 rows in their order, in pages of ${size}`, rowsText(got));
      }
    },
  },
  {
    clause: "query/results/counts",
    run: async (world) => {
      const { queryId } = await runOnce(await queried(world), pairs);
      const pages = await pagesOf(world, queryId, 700);
      for (const page of pages) {
        const { QueryStatistics: found } = page;
        const members: Members = isMembers(found) ? found : {};
        const rows = rowsOf(page).length;
        expects(
          members["ResultsCount"] === rows && members["TotalResultsCount"] === 1600,
          `ResultsCount ${rows}, the rows of this page, and TotalResultsCount 1600`,
          found,
        );
        expects(
          typeof members["BytesScanned"] === "number" && members["BytesScanned"] > 0,
          "BytesScanned above 0",
          found,
        );
      }
    },
  },
  {
    clause: "query/results/status-on-every-page",
    run: async (world) => {
      const { queryId } = await runOnce(await queried(world), pairs);
      for (const page of await pagesOf(world, queryId, 1000))
        expects(page["QueryStatus"] === "FINISHED", "QueryStatus FINISHED", page["QueryStatus"]);
    },
  },
  {
    clause: "query/results/last-page-has-no-token",
    run: async (world) => {
      const { queryId: QueryId } = await runOnce(await queried(world), sorted);
      const { NextToken: token } = await results(world, { QueryId, MaxQueryResults: 40 });
      expects(token === undefined, "no NextToken with the last row", token);
    },
  },
  {
    clause: "query/results/altered-token-refused",
    run: async (world) => {
      const place = await queried(world);
      const { queryId: QueryId } = await runOnce(place, sorted);
      const token = await tokenOf(place, QueryId);
      const middle = Math.floor(token.length / 2);
      const altered = `${token.slice(0, middle)}${token[middle] === "A" ? "B" : "A"}${token.slice(middle + 1)}`;
      for (const NextToken of [altered, `${token}AAAA`, "no token at all"]) {
        const answer = await call(world, { QueryId, MaxQueryResults: 10, NextToken });
        expects(
          answer.status !== 200,
          `NextToken ${NextToken.slice(0, 40)} is refused: it was ${token.slice(0, 40)}`,
          answer.text,
        );
        refused(answer, "InvalidNextTokenException", 400);
      }
    },
  },
  {
    clause: "query/results/token-of-another-query-refused",
    run: async (world) => {
      const place = await queried(world);
      const [one, two] = [await runOnce(place, sorted), await runOnce(place, pairs)];
      const NextToken = await tokenOf(place, one.queryId);
      refused(
        await call(world, { QueryId: two.queryId, MaxQueryResults: 10, NextToken }),
        "InvalidNextTokenException",
        400,
      );
    },
  },
  {
    clause: "query/results/token-of-4-to-1000-characters",
    run: async (world) => {
      const place = await queried(world);
      const { queryId: QueryId } = await runOnce(place, sorted);
      const { length } = await tokenOf(place, QueryId);
      expects(length >= 4 && length <= 1000, "NextToken of 4 to 1000 characters", length);
      for (const NextToken of ["abc", "a".repeat(1001)]) refused(await call(world, { QueryId, NextToken }));
    },
  },
  {
    clause: "query/results/read-again",
    run: async (world) => {
      const place = await queried(world);
      const { queryId: QueryId, rows } = await runOnce(place, sorted);
      const NextToken = await tokenOf(place, QueryId);
      for (let time = 0; time < 2; time++) {
        const got = uids(rowsOf(succeeded(await call(world, { QueryId, MaxQueryResults: 10, NextToken }))));
        expects(
          String(got) === String(uids(rows.slice(10, 20))),
          "the same 10 rows for the same NextToken, twice",
          rowsText(got),
        );
      }
    },
  },
];
