import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects, Unmet } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { isListOfMembers, patiently, type Place, runOnce } from "./ask.ts";
import { statuses } from "./describe-checks.ts";
import { queried } from "./query-world.ts";

const call = (world: ServerWorld, input: Members): Promise<Answer> => patiently(world, "ListQueries", input);
const simple = "SELECT eventID FROM $STORE WHERE $MINE";
const failing = "SELECT 1 / (length(eventID) - 36) AS v FROM $STORE WHERE $MINE";

/** Every query that ListQueries answers, page by page. Throws `Unmet` where they do not end. */
async function listed({ world, storeId }: Place, more: Members = {}): Promise<readonly Members[]> {
  const all: Members[] = [];
  let token: unknown;
  for (let page = 0; page === 0 || typeof token === "string"; page++) {
    if (page > 1000) throw new Unmet("a last page of ListQueries", "1000 pages, each with a NextToken");
    const found = succeeded(
      await call(world, { EventDataStore: storeId, ...more, ...(typeof token === "string" && { NextToken: token }) }),
    );
    const { Queries: list } = found;
    expects(isListOfMembers(list), "Queries, a list of objects", found);
    all.push(...list);
    token = found["NextToken"];
  }
  return all;
}

const ids = (queries: readonly Members[]): readonly unknown[] => queries.map(({ QueryId }) => QueryId);

/** Throws `Unmet` unless each of these refused calls has its name. */
async function refuses(world: ServerWorld, inputs: readonly Members[], code?: string, status?: number): Promise<void> {
  for (const input of inputs) {
    const answer = await call(world, input);
    expects(answer.status !== 200, `ListQueries with ${JSON.stringify(input)} is refused`, answer.text);
    refused(answer, code, status);
  }
}

/** Spec 2.7 and A.23: ListQueries. */
export const listChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/list/store-required",
    run: async (world) => refuses(world, [{}]),
  },
  {
    clause: "query/list/unknown-store",
    run: async (world) =>
      refuses(
        world,
        [{ EventDataStore: "00000000-0000-4000-8000-00000000dead" }],
        "EventDataStoreNotFoundException",
        404,
      ),
  },
  {
    clause: "query/list/not-a-store-refused",
    run: async (world) =>
      refuses(
        world,
        [{ EventDataStore: "arn:aws:s3:::bucket" }, { EventDataStore: world.channelArn }],
        "EventDataStoreARNInvalidException",
        400,
      ),
  },
  {
    clause: "query/list/store-by-arn-or-id",
    run: async (world) => {
      const place = await queried(world);
      const { queryId } = await runOnce(place, simple);
      for (const EventDataStore of [place.storeArn, place.storeId])
        expects(
          ids(await listed(place, { EventDataStore })).includes(queryId),
          `query ${queryId} among those of ${EventDataStore}`,
          ids(await listed(place)).length,
        );
    },
  },
  {
    clause: "query/list/what-was-started",
    run: async (world) => {
      const place = await queried(world);
      const good = await runOnce(place, simple);
      const bad = await runOnce(place, failing);
      const all = await listed(place);
      for (const { queryId, status } of [good, bad]) {
        const found = all.filter(({ QueryId }) => QueryId === queryId);
        expects(found.length === 1 && found[0]!["QueryStatus"] === status, `query ${queryId}, once, ${status}`, found);
        const at = found[0]!["CreationTime"];
        expects(
          typeof at === "number" && Math.abs(at - world.wire.subject.now() / 1000) < 3600,
          "CreationTime, seconds since 1970, now",
          found,
        );
      }
      expects(new Set(ids(all)).size === all.length, "each query once", all.length);
    },
  },
  {
    clause: "query/list/1-to-1000-a-page",
    run: async (world) => {
      const place = await queried(world);
      const EventDataStore = place.storeId;
      await runOnce(place, simple);
      for (const MaxResults of [1, 2, 1000]) {
        const { Queries: list } = succeeded(await call(world, { EventDataStore, MaxResults }));
        expects(
          isListOfMembers(list) && list.length > 0 && list.length <= MaxResults,
          `1 to ${MaxResults} queries with MaxResults ${MaxResults}`,
          list,
        );
      }
      await refuses(
        world,
        [0, 1001].map((MaxResults) => ({ EventDataStore, MaxResults })),
        "InvalidMaxResultsException",
        400,
      );
    },
  },
  {
    clause: "query/list/pages-are-the-whole",
    run: async (world) => {
      const place = await queried(world);
      await runOnce(place, simple);
      await runOnce(place, failing);
      const EndTime = Math.ceil(world.wire.subject.now() / 1000) + 3600;
      const whole = await listed(place, { EndTime });
      for (const MaxResults of [Math.max(1, Math.ceil(whole.length / 7)), Math.max(1, Math.ceil(whole.length / 2))]) {
        const got = await listed(place, { EndTime, MaxResults });
        expects(
          String(ids(got)) === String(ids(whole)),
          `the ${whole.length} queries in the same order in pages of ${MaxResults}`,
          `${got.length} queries`,
        );
      }
    },
  },
  {
    clause: "query/list/by-status",
    run: async (world) => {
      const place = await queried(world);
      const good = await runOnce(place, simple);
      const bad = await runOnce(place, failing);
      for (const { queryId, status } of [good, bad])
        for (const QueryStatus of statuses) {
          const found = await listed(place, { QueryStatus });
          const others = found.filter((one) => one["QueryStatus"] !== QueryStatus);
          expects(
            others.length === 0,
            `with QueryStatus ${QueryStatus}, queries of that status alone`,
            others.slice(0, 3),
          );
          expects(
            ids(found).includes(queryId) === (status === QueryStatus),
            `with QueryStatus ${QueryStatus} ${status === QueryStatus ? "" : "not "}the query ${queryId}, ${status}`,
            found.length,
          );
        }
    },
  },
  {
    clause: "query/list/unknown-status-refused",
    run: async (world) => {
      const { storeId: EventDataStore } = await queried(world);
      await refuses(
        world,
        ["DONE", "finished", ""].map((QueryStatus) => ({ EventDataStore, QueryStatus })),
        "InvalidQueryStatusException",
        400,
      );
    },
  },
  {
    clause: "query/list/between-times",
    run: async (world) => {
      const place = await queried(world);
      const { queryId } = await runOnce(place, simple);
      const now = Math.floor(world.wire.subject.now() / 1000);
      const has = async (StartTime: number, EndTime: number): Promise<boolean> =>
        ids(await listed(place, { StartTime, EndTime })).includes(queryId);
      expects(
        await has(now - 3600, now + 3600),
        `query ${queryId} between an hour ago and in an hour`,
        "it is not there",
      );
      expects(
        !(await has(now - 7200, now - 3600)),
        "a query of now is not between two hours ago and an hour ago",
        queryId,
      );
      expects(
        !(await has(now + 3600, now + 7200)),
        "a query of now is not between in an hour and in two hours",
        queryId,
      );
    },
  },
  {
    clause: "query/list/start-before-end",
    run: async (world) => {
      const { storeId: EventDataStore } = await queried(world);
      const now = Math.floor(world.wire.subject.now() / 1000);
      await refuses(
        world,
        [
          { EventDataStore, StartTime: now, EndTime: now - 60 },
          { EventDataStore, StartTime: now, EndTime: now },
        ],
        "InvalidDateRangeException",
        400,
      );
    },
  },
  {
    clause: "query/list/altered-token-refused",
    run: async (world) => {
      const place = await queried(world);
      const EventDataStore = place.storeId;
      await runOnce(place, simple);
      await runOnce(place, failing);
      const { NextToken: token } = succeeded(await call(world, { EventDataStore, MaxResults: 1 }));
      expects(typeof token === "string", "NextToken, for 1 query is not all", token);
      await refuses(
        world,
        [`${token}AAAA`, "no token at all"].map((NextToken) => ({ EventDataStore, MaxResults: 1, NextToken })),
        "InvalidNextTokenException",
        400,
      );
    },
  },
];
